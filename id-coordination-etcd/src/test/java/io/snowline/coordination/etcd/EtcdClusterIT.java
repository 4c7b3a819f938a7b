package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.testing.EtcdCluster;
import io.snowline.testing.EtcdServer;
import io.snowline.testing.LoggedWarnings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three members, one or two of which go away. */
@Timeout(60)
class EtcdClusterIT {

    private static final Duration RECOVERY = Duration.ofSeconds(5);
    private static final Duration STARTED = Duration.ofSeconds(30);

    private static EtcdCluster cluster;
    private Coordination coordination;

    @BeforeAll
    static void start() {
        cluster = EtcdCluster.start();
        try (Coordination first = Coordination.open(factory -> {
            factory.setEndpoints(cluster.endpoints());
            factory.setRequestTimeout(Coordination.PATIENCE);
        })) {
            first.create();
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void open() {
        coordination = Coordination.open(factory -> {
            factory.setEndpoints(cluster.endpoints());
            factory.setRequestTimeout(Duration.ofSeconds(1));
        });
        var unused = coordination.readOnceRecovered(STARTED); // the test before may have stopped members
    }

    @AfterEach
    void close() {
        coordination.close();
    }

    @Test
    void theLossOfTheLeaderCostsAFewSecondsAndNoRecord() {
        coordination.create();
        String identity = coordination.read().identity();
        EtcdServer leader = cluster.leader();
        Set<Integer> acknowledged = new TreeSet<>();
        int next = 1;
        for (; next <= 20; next++) {
            reserve(next, acknowledged);
        }
        leader.kill();
        long killed = System.nanoTime();
        int before = acknowledged.size();
        while (acknowledged.size() < before + 20 && System.nanoTime() - killed < RECOVERY.toNanos()) {
            reserve(next++, acknowledged);
        }
        assertThat(acknowledged).as("acknowledged within %s", RECOVERY).hasSizeGreaterThanOrEqualTo(before + 20);

        StoreView view = coordination.readOnceRecovered(RECOVERY);
        assertThat(view.nodes().keySet()).containsAll(acknowledged);
        assertThat(view.identity()).isEqualTo(identity);
        leader.restart();
        assertThat(coordination.readOnceRecovered(RECOVERY).identity()).isEqualTo(identity);
    }

    private void reserve(int node, Set<Integer> acknowledged) {
        try {
            if (coordination.reserve(node, 10).applied()) {
                acknowledged.add(node);
            }
        } catch (CoordinatorUnavailableException e) {
            assertThat(e).hasMessageStartingWith("etcd at ");
        }
    }

    @Test
    void withoutAMajorityItIsUnavailableAndComesBackByItself() {
        coordination.create();
        coordination.reserve(1, 10);
        StoreView before = coordination.read();
        List<EtcdServer> majority = cluster.members().subList(0, 2);
        majority.forEach(EtcdServer::kill);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(coordination::read).isInstanceOf(CoordinatorUnavailableException.class);
            assertThatThrownBy(() -> coordination.reserve(1, 20)).isInstanceOf(CoordinatorUnavailableException.class);
        }
        assertThatThrownBy(coordination::read)
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining("has no member that can serve: ")
                .hasMessageContaining("etcd at " + majority.get(0).endpoint() + " did not answer: Connection refused")
                .hasMessageContaining("cannot serve now: etcdserver: no leader");
        cluster.restart(majority);
        StoreView after = coordination.readOnceRecovered(RECOVERY);
        assertThat(after).isEqualTo(before);
        assertThat(coordination.reserve(1, 30).applied()).isTrue();
    }

    @Test
    void aSilentMemberCostsOneStepAndOneLineThatNamesIt() {
        Stored<NamespaceRecord> namespace = coordination.create();
        EtcdServer silent = cluster.members().stream()
                .filter(member -> member != cluster.leader())
                .findFirst()
                .orElseThrow();
        silent.pause();
        try (LoggedWarnings logged = LoggedWarnings.from(Members.class)) {
            int applied = 0;
            for (int node = 1; node <= 12; node++) {
                applied += tryReserve(namespace, node) ? 1 : 0;
            }
            assertThat(applied)
                    .as("of 12 steps, with one of three members silent")
                    .isGreaterThanOrEqualTo(11);
            assertThat(logged.warnings())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "etcd at " + silent.endpoint() + " did not answer within requestTimeout, 1000 ms; until");
        } finally {
            silent.resume();
        }
    }

    private boolean tryReserve(Stored<NamespaceRecord> namespace, int node) {
        try {
            Replaced replaced = coordination.replace(Replacement.ofNode(
                    namespace.record().identity(), namespace, Optional.empty(), Coordination.node(node, 10)));
            return replaced.applied();
        } catch (CoordinatorUnavailableException e) {
            return false;
        }
    }

    @Test
    void adviceComesFromTheMembersThatAnswer() {
        assertThat(coordination.coordinator().advisories()).isEmpty();
    }
}
