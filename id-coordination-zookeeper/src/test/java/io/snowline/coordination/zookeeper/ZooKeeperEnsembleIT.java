package io.snowline.coordination.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.StoreView;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.testing.Await;
import io.snowline.testing.ZooKeeperEnsemble;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.curator.test.InstanceSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three servers, some of which are down. */
@Timeout(120)
class ZooKeeperEnsembleIT {

    private static final Duration ELECTION = Duration.ofSeconds(20);

    private static ZooKeeperEnsemble ensemble;

    @BeforeAll
    static void start() {
        ensemble = ZooKeeperEnsemble.start();
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    private static Coordination open() {
        return Coordination.open(factory -> factory.setConnectString(ensemble.connectString()));
    }

    @Test
    void marksOutliveALeaderThatIsKilledUnderLoad() {
        try (Coordination coordination = open()) {
            coordination.create();
            long acknowledged = countUp(coordination, 1, 50);
            InstanceSpec leader = ensemble.leader().orElseThrow();
            ensemble.kill(leader);
            long after = countUp(coordination, acknowledged + 1, 50);
            ensemble.restart(leader);

            assertThat(after).isEqualTo(acknowledged + 50);
            assertThat(mark(coordination.readOnceRecovered(ELECTION))).isEqualTo(after);
        }
    }

    /** Raises the mark step by step as a lease keeper would: after an unknown outcome it reads the result. */
    private static long countUp(Coordination coordination, long from, int times) {
        StoreView view = coordination.readOnceRecovered(ELECTION);
        long mark = from - 1;
        while (mark < from + times - 1) {
            assertThat(mark(view)).isEqualTo(mark);
            try {
                Replaced replaced =
                        coordination.replace(Coordination.reservation(view, Coordination.node(7, mark + 1)));
                assertThat(replaced.applied()).isTrue();
                view = coordination.read();
            } catch (CoordinatorUnavailableException e) {
                view = coordination.readOnceRecovered(ELECTION);
                assertThat(mark(view)).as("after: %s", e.getMessage()).isBetween(mark, mark + 1);
            }
            mark = mark(view);
        }
        return mark;
    }

    private static long mark(StoreView view) {
        return view.node(7).map(stored -> stored.record().end()).orElse(0L);
    }

    @Test
    void aGeneratorIssuesOnWhileTheLeaderIsAway() {
        try (Coordination coordination = open()) {
            coordination.create();
            try (SnowflakeGenerator generator = SnowflakeGenerator.builder(
                            coordination.coordinator(), coordination.namespace())
                    .start()) {
                assertThat(generator.awaitReady(Duration.ofSeconds(10))).isTrue();
                Set<Long> ids = new HashSet<>();
                InstanceSpec leader = ensemble.leader().orElseThrow();
                ensemble.kill(leader);
                long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
                int issued = 0;
                while (System.nanoTime() - end < 0) {
                    ids.add(generator.nextId());
                    issued++;
                    Await.pause();
                }
                ensemble.restart(leader);
                Await.until(
                        "renewals to go on",
                        ELECTION,
                        () -> !generator.status().get(0).atRisk());
                assertThat(ids).hasSize(issued);
            }
        }
    }

    @Test
    void withoutAMajorityNothingIsAnsweredAndNothingIsLost() {
        try (Coordination coordination = open()) {
            coordination.create();
            StoreView before = coordination.reserve(7, 10).view();
            List<InstanceSpec> two = ensemble.followersFirst().subList(0, 2);
            two.forEach(ensemble::kill);

            assertThatThrownBy(coordination::read).isInstanceOf(CoordinatorUnavailableException.class);
            assertThatThrownBy(coordination::read)
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageContaining("could not be reached within connectTimeout, 3000 ms: ")
                    .hasMessageContaining(": Connection refused; ")
                    .hasMessageContaining(
                            "takes connections and gives no session (it has no quorum, or speaks TLS only)");

            two.forEach(ensemble::restart);
            StoreView after = coordination.readOnceRecovered(ELECTION);
            assertThat(after.namespace()).isEqualTo(before.namespace());
            assertThat(after.nodes()).isEqualTo(before.nodes());
            assertThat(coordination.reserve(7, 20).applied()).isTrue();
        }
    }
}
