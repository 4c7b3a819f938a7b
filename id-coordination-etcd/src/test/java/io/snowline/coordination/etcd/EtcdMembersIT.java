package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.testing.Await;
import io.snowline.testing.EtcdServer;
import io.snowline.testing.LoggedWarnings;
import io.snowline.testing.Troubles;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members that answer, and say that they cannot serve. */
@Timeout(60)
class EtcdMembersIT {

    private static EtcdServer server;

    @BeforeAll
    static void start() {
        server = EtcdServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void requireInDocs(List<String> messages) {
        assertThat(messages).isNotEmpty().allSatisfy(new Troubles("etcd.md")::requireTold);
    }

    private static Coordination open(String... endpoints) {
        return Coordination.open(factory -> {
            factory.setEndpoints(List.of(endpoints));
            factory.setRequestTimeout(Coordination.PATIENCE);
        });
    }

    @Test
    void aLearnerAmongTheEndpointsCostsNoStepAndIsNamed() {
        try (EtcdServer voter = EtcdServer.start();
                EtcdServer learner = EtcdServer.startLearnerOf(voter);
                LoggedWarnings logged = LoggedWarnings.from(Members.class)) {
            awaitRefusal(learner, "is a learner and serves no steps");
            try (Coordination coordination = open(learner.endpoint(), voter.endpoint())) {
                coordination.create();
                reserveTen(coordination);
                assertThat(coordination
                                .coordinator()
                                .ledger(coordination.namespace())
                                .orElseThrow()
                                .record(new long[] {1}, Optional.of(Duration.ofHours(1))))
                        .isEmpty();

                String refusal =
                        "etcd at %s is a learner and serves no steps: etcdserver: rpc not supported for learner;"
                                .concat(
                                        " promote it, or take it out of endpoints; until it answers again, steps go to etcd at %s");
                assertThat(logged.warnings()).containsExactly(refusal.formatted(learner.endpoint(), voter.endpoint()));
                assertThat(coordination.coordinator().advisories())
                        .containsExactly(
                                "etcd at %s is a learner and serves no steps: promote it, or take it out of endpoints"
                                        .formatted(learner.endpoint()));
                requireInDocs(logged.warnings());
            }
        }
    }

    private static void awaitRefusal(EtcdServer member, String message) {
        try (Coordination alone = open(member.endpoint())) {
            Await.until(message, Duration.ofSeconds(20), () -> {
                try {
                    alone.read();
                    return false;
                } catch (CoordinatorUnavailableException e) {
                    return String.valueOf(e.getMessage()).contains(message);
                }
            });
        }
    }

    private static void reserveTen(Coordination coordination) {
        for (int node = 1; node <= 10; node++) {
            assertThat(coordination.reserve(node, 10).applied()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE,        etcdserver: no leader",
        "RESOURCE_EXHAUSTED, etcdserver: too many requests",
        "UNAVAILABLE,        etcdserver: rpc not supported for learner"
    })
    void aMemberThatRefusesForCertainCostsNoStepAndIsAskedAgainWhenItAnswers(Status.Code code, String why) {
        try (RefusingMember refusing = new RefusingMember(server);
                LoggedWarnings logged = LoggedWarnings.from(Members.class);
                Coordination coordination = open(refusing.endpoint(), server.endpoint())) {
            refusing.refuse("KV", code, why);
            coordination.create();
            reserveTen(coordination);
            assertThat(refusing.refused()).isPositive().isLessThan(5);
            assertThat(logged.warnings())
                    .singleElement()
                    .asString()
                    .contains("etcd at " + refusing.endpoint(), why)
                    .endsWith("; until it answers again, steps go to etcd at " + server.endpoint());

            refusing.serve();
            Await.until("the member to be asked again", Duration.ofSeconds(20), () -> {
                coordination.read();
                return refusing.served() > 3;
            });
            assertThat(logged.warnings()).hasSize(1);
        }
    }

    /** etcd says so of requests that it has passed on, too. */
    @Test
    void aStepThatMayHaveBeenExecutedIsNotSentToAnotherMember() {
        try (RefusingMember stopping = new RefusingMember(server);
                LoggedWarnings logged = LoggedWarnings.from(Members.class);
                Coordination coordination = open(server.endpoint(), stopping.endpoint())) {
            coordination.create();
            assertThat(coordination.read().nodes()).isEmpty();
            stopping.refuse("KV", Status.Code.UNAVAILABLE, "etcdserver: server stopped");

            assertThatThrownBy(() -> {
                        coordination.read();
                        coordination.read();
                    })
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessage("etcd at %s cannot serve now: etcdserver: server stopped", stopping.endpoint());
            reserveTen(coordination);
            assertThat(stopping.refused()).isEqualTo(1);
            assertThat(logged.warnings()).hasSize(1);
            requireInDocs(logged.warnings());
        }
    }

    @Test
    void withoutAnyMemberThatServesEachIsNamed() {
        try (RefusingMember first = new RefusingMember(server);
                RefusingMember second = new RefusingMember(server);
                LoggedWarnings logged = LoggedWarnings.from(Members.class);
                Coordination coordination = open(first.endpoint(), second.endpoint())) {
            first.refuse("KV", Status.Code.RESOURCE_EXHAUSTED, "etcdserver: too many requests");
            second.refuse("KV", Status.Code.UNAVAILABLE, "etcdserver: rpc not supported for learner");
            assertThatThrownBy(coordination::read)
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageStartingWith(
                            "etcd at %s, %s has no member that can serve: ", first.endpoint(), second.endpoint())
                    .hasMessageContaining(
                            "etcd at %s cannot serve now: etcdserver: too many requests", first.endpoint())
                    .hasMessageContaining("etcd at %s is a learner", second.endpoint())
                    .satisfies(e -> requireInDocs(List.of(String.valueOf(e.getMessage()))));
            assertThat(logged.warnings()).isEmpty();
        }
    }

    /** The first round takes four fifths of the time; the second ends at its first member. */
    @Test
    void eachMemberIsNamedWhereverTheTimeEnds() {
        try (RefusingMember first = new RefusingMember(server);
                RefusingMember second = new RefusingMember(server);
                Coordination coordination = Coordination.open(factory -> {
                    factory.setEndpoints(List.of(first.endpoint(), second.endpoint()));
                    factory.setRequestTimeout(Duration.ofSeconds(1));
                })) {
            for (RefusingMember member : List.of(first, second)) {
                member.refuse("KV", Status.Code.UNAVAILABLE, "etcdserver: no leader");
                member.takeForARefusal(Duration.ofMillis(400));
            }
            assertThatThrownBy(coordination::read)
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageContaining("has no member that can serve: ")
                    .hasMessageContaining("etcd at %s cannot serve now: etcdserver: no leader", first.endpoint())
                    .hasMessageContaining("etcd at %s cannot serve now: etcdserver: no leader", second.endpoint());
        }
    }

    @Test
    void whileNoMemberHasALeaderItIsAskedForAWhile() {
        try (RefusingMember electing = new RefusingMember(server);
                Coordination coordination = open(electing.endpoint())) {
            electing.refuse("KV", Status.Code.UNAVAILABLE, "etcdserver: no leader");
            Thread election = new Thread(() -> {
                Await.until("three refusals", Duration.ofSeconds(20), () -> electing.refused() >= 3);
                electing.serve();
            });
            election.start();
            assertThat(coordination.read().nodes()).isEmpty();
        }
    }

    /** As etcd does from 3.5.28 on, unless the user has the role root. */
    @Test
    void aStatusThatIsDeniedIsNoMemberThatIsAway() {
        try (RefusingMember reticent = new RefusingMember(server);
                Coordination coordination = open(reticent.endpoint())) {
            reticent.refuse("Maintenance", Status.Code.PERMISSION_DENIED, "etcdserver: permission denied");
            coordination.create();
            requireInDocs(coordination.coordinator().advisories());
            assertThat(coordination.coordinator().advisories())
                    .containsExactly(
                            ("etcd at %s does not tell its status to this user, as etcd does from 3.5.28 on unless the"
                                            + " user has the role root: version, size and alarms are not checked, and a snapshot"
                                            + " restored under the same cluster id is noticed only by processes that have seen a"
                                            + " newer revision")
                                    .formatted(reticent.endpoint()));

            reticent.refuse("KV", Status.Code.UNAVAILABLE, "etcdserver: server stopped");
            assertThatThrownBy(coordination.coordinator()::advisories)
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageContaining("server stopped");
        }
    }

    @Test
    void anIpv6AddressIsAnEndpoint() {
        try (EtcdServer ipv6 = EtcdServer.startOnIpv6();
                Coordination coordination = open(ipv6.endpoint())) {
            assertThat(ipv6.endpoint()).startsWith("http://[::1]:");
            coordination.create();
            reserveTen(coordination);
            assertThat(coordination.coordinator().advisories()).isEmpty();
        }
    }
}
