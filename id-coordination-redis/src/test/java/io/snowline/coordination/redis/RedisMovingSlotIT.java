package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.StoreView;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.testing.RedisClusterServers;
import io.snowline.testing.RedisServer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A namespace whose slot is being moved from one master to another, and the move that never ends. */
@Timeout(60)
class RedisMovingSlotIT {

    private static RedisClusterServers cluster;
    private Coordination coordination;
    private RedisServer from;
    private RedisServer to;

    @BeforeAll
    static void start() {
        cluster = RedisClusterServers.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void open() {
        coordination = Coordination.ofCluster(cluster.nodes());
        from = cluster.masterOf(coordination.key());
        to = cluster.masters().stream()
                .filter(server -> server != from)
                .findAny()
                .orElseThrow();
    }

    @AfterEach
    void close() {
        cluster.moveKeys(coordination.key(), from, to);
        cluster.endMove(coordination.key(), from, to);
        coordination.close();
    }

    @Test
    void everyStepGoesToWhereTheKeyIs() {
        coordination.create();
        StoreView before = coordination.reserve(1, 10).view();
        cluster.beginToMove(coordination.key(), from, to);
        assertThat(coordination.read().identity()).isEqualTo(before.identity());
        assertThat(coordination.reserve(2, 10).applied()).isTrue();

        cluster.moveKeys(coordination.key(), from, to);
        StoreView after = coordination.read();
        assertThat(after.nodes()).containsOnlyKeys(1, 2);
        assertThat(after.identity()).startsWith(to.info("server", "run_id").orElseThrow());
        assertThat(coordination.reserve(3, 10).applied()).isTrue();
    }

    @Test
    void locksAndLedgerGoOnBeforeAnyKeyWasMovedAndAfterwards() {
        coordination.create();
        NodeCoordinator coordinator = coordination.coordinator();
        IdLedger ledger = coordinator.ledger(coordination.namespace()).orElseThrow();
        DistributedLock taken = coordinator.lock(coordination.namespace(), "taken");
        DistributedLock free = coordinator.lock(coordination.namespace(), "free");
        assertThat(taken.tryLock("me", Duration.ofSeconds(60))).isTrue();
        assertThat(ledger.record(new long[] {1, 2}, Optional.empty())).isEmpty();

        cluster.beginToMove(coordination.key(), from, to);
        requireEachOnce(taken, free, ledger, LongStream.rangeClosed(1, 5).toArray(), 1, 2);
        cluster.moveKeys(coordination.key(), from, to);
        requireEachOnce(taken, free, ledger, LongStream.rangeClosed(1, 8).toArray(), 1, 2, 3, 4, 5);
    }

    private static void requireEachOnce(
            DistributedLock taken, DistributedLock free, IdLedger ledger, long[] ids, long... known) {
        assertThat(taken.tryLock("another", Duration.ofSeconds(60))).isFalse();
        assertThat(free.tryLock("me", Duration.ofSeconds(60))).isTrue();
        assertThat(free.tryLock("another", Duration.ofSeconds(60))).isFalse();
        assertThat(free.unlock("me")).isTrue();
        assertThat(ledger.record(ids, Optional.empty())).containsExactly(known);
        assertThat(ledger.recordedAt(ids[ids.length - 1])).isPresent();
    }

    @Test
    void recordedModeIssuesWhileTheSlotIsOpen() throws Exception {
        cluster.beginToMove(coordination.key(), from, to);
        Set<Long> issued = new HashSet<>();
        try (RecordedIdGenerator recorded = RecordedIdGenerator.builder(
                        coordination.coordinator(), coordination.namespace())
                .maxWait(Duration.ofSeconds(20))
                .start()) {
            for (int i = 0; i < 20; i++) {
                long[] batch = new long[5];
                recorded.nextIds(batch);
                for (long id : batch) {
                    assertThat(issued.add(id)).isTrue();
                }
                if (i == 10) {
                    cluster.moveKeys(coordination.key(), from, to);
                }
            }
        }
        assertThat(issued).hasSize(100);
    }
}
