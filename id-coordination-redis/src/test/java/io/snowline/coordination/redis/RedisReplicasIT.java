package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.IdLedger;
import io.snowline.testing.RedisReplication;
import io.snowline.testing.RedisServer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A master with a replica: waiting for it, mistaking it for the master, and what an operator is told. */
@Timeout(60)
class RedisReplicasIT {

    private static RedisReplication replication;
    private static RedisServer master;
    private static RedisServer replica;

    @BeforeAll
    static void start() {
        replication = RedisReplication.start(1, 0);
        master = replication.servers().get(0);
        replica = replication.servers().get(1);
    }

    @AfterAll
    static void stop() {
        replication.close();
    }

    @Test
    void whatTheReplicaHasAcknowledgedIsOnTheReplica() {
        try (Coordination coordination = waiting(Duration.ofSeconds(5))) {
            coordination.create();
            for (int end = 1; end <= 100; end++) {
                String expected = coordination
                        .reserve(1, end)
                        .view()
                        .node(1)
                        .orElseThrow()
                        .record()
                        .encode();
                assertThat(replica.command("HGET", coordination.key(), "node:1"))
                        .isEqualTo(expected);
            }
            ledger(coordination).record(new long[] {1}, Optional.empty());
            assertThat(replica.command("EXISTS", coordination.key() + ":1")).isEqualTo(1L);
        }
    }

    @Test
    void whatTheReplicaHasNotAcknowledgedIsUnknown() {
        try (Coordination coordination = waiting(Duration.ofMillis(200))) {
            coordination.create();
            replica.pause();
            try {
                assertUnavailable(
                        () -> coordination.reserve(1, 10),
                        "has written, but 0 of the 1 replicas that waitReplicas asks for acknowledged it within 200"
                                + " ms");
                assertUnavailable(
                        () -> ledger(coordination).record(new long[] {1}, Optional.empty()), "0 of the 1 replicas");
            } finally {
                replica.resume();
            }
            RedisReplication.awaitReplicas(master, 1);
            assertThat(coordination.reserve(1, 20).applied()).isTrue();
        }
    }

    @Test
    void aReplicaIsNoMaster() {
        try (Coordination onMaster = Coordination.open(master);
                Coordination onReplica = Coordination.open(replica)) {
            onMaster.create();
            assertUnavailable(onReplica::read, "cannot serve now: READONLY");
            assertUnavailable(
                    () -> ledger(onReplica).record(new long[] {1}, Optional.empty()), "cannot serve now: READONLY");
            assertUnavailable(() -> ledger(onReplica).recordedAt(1), "cannot serve now: READONLY");
        }
    }

    @Test
    void aMasterThatWouldWriteAloneIsReported() {
        try (Coordination coordination = Coordination.open(master)) {
            assertThat(coordination.coordinator().advisories())
                    .singleElement()
                    .asString()
                    .startsWith("Redis at " + master.address() + " has replicas and min-replicas-to-write 0");
            master.command("CONFIG", "SET", "min-replicas-to-write", "1");
            assertThat(coordination.coordinator().advisories()).isEmpty();
        } finally {
            master.command("CONFIG", "SET", "min-replicas-to-write", "0");
        }
    }

    @Test
    void aMasterThatMissesItsReplicasIsUnavailable() {
        try (Coordination coordination = Coordination.open(master)) {
            master.command("CONFIG", "SET", "min-replicas-to-write", "2");
            assertUnavailable(coordination::create, "cannot serve now: NOREPLICAS");
        } finally {
            master.command("CONFIG", "SET", "min-replicas-to-write", "0");
        }
    }

    private static Coordination waiting(Duration timeout) {
        return Coordination.open(factory -> {
            factory.setUri(master.uri());
            factory.setWaitReplicas(1);
            factory.setWaitTimeout(timeout);
        });
    }

    private static IdLedger ledger(Coordination coordination) {
        return coordination.coordinator().ledger(coordination.namespace()).orElseThrow();
    }

    private static void assertUnavailable(Callable<?> step, String message) {
        assertThatThrownBy(step::call)
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(message);
    }
}
