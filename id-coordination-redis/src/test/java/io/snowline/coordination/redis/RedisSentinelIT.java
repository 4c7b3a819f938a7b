package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.testing.Await;
import io.snowline.testing.RedisReplication;
import io.snowline.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** A master under three Sentinels, which is first moved, then dies, then loses its Sentinels. */
@Timeout(60)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RedisSentinelIT {

    private static RedisReplication replication;
    private static Coordination coordination;

    @BeforeAll
    static void start() {
        replication = RedisReplication.start(2, 3);
        coordination = Coordination.ofSentinels(
                replication.sentinelNodes(),
                RedisReplication.MASTER_NAME,
                factory -> factory.setReadTimeout(Duration.ofMillis(300)));
        coordination.create();
        coordination.reserve(1, 10);
        RedisReplication.awaitReplicas(replication.master(), 2);
    }

    @AfterAll
    static void stop() {
        coordination.close();
        replication.close();
    }

    @Test
    @Order(1)
    void aMasterThatIsReplacedByHandIsLeftSoonAndTheIdentityIsAnother() {
        String before = coordination.read().identity();
        RedisServer old = replication.master();
        replication.sentinels().get(0).command("SENTINEL", "FAILOVER", RedisReplication.MASTER_NAME);
        RedisServer next = replication.awaitOtherMaster(old);

        Await.until("the new master to be used", Coordination.RECOVERY, () -> uses(next));
        assertThat(coordination.read().identity()).isNotEqualTo(before);
        assertThat(coordination.read().node(1)).isPresent();
    }

    @Test
    @Order(2)
    void aMasterThatDiesIsReplacedAndTheIdentityIsAnother() {
        RedisServer old = replication.master();
        RedisReplication.awaitReplicas(old, 2);
        String before = coordination.readOnceRecovered(Coordination.RECOVERY).identity();
        old.kill();
        RedisServer next = replication.awaitOtherMaster(old);

        assertThat(coordination.readOnceRecovered(Coordination.RECOVERY).identity())
                .isNotEqualTo(before);
        assertThat(uses(next)).isTrue();
    }

    @Test
    @Order(3)
    void aSentinelThatDiesIsNoLoss() {
        replication.sentinels().get(0).kill();
        try (Coordination fresh =
                Coordination.ofSentinels(replication.sentinelNodes(), RedisReplication.MASTER_NAME, factory -> {})) {
            // The other Sentinels may hear of the new master a moment later than the one that died.
            assertThat(fresh.readOnceRecovered(Coordination.RECOVERY).identity())
                    .isEqualTo(coordination
                            .readOnceRecovered(Coordination.RECOVERY)
                            .identity());
        }
    }

    @Test
    @Order(4)
    void aMasterThatNoSentinelKnowsIsNamed() {
        try (Coordination stray = Coordination.ofSentinels(replication.sentinelNodes(), "nobody", factory -> {})) {
            assertThatThrownBy(stray::read)
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageContaining(
                            "the Sentinel at %s does not know master 'nobody'; check sentinel.master",
                            replication.sentinels().get(1).address());
        }
    }

    @Test
    @Order(5)
    void withoutAnySentinelTheKnownMasterGoesOnServing() {
        replication.sentinels().forEach(RedisServer::kill);
        long end = System.nanoTime() + Duration.ofMillis(1500).toNanos();
        long reads = 0;
        while (reads <= 100 || System.nanoTime() - end < 0) { // on a busy machine 100 take longer
            coordination.read();
            reads++;
        }
        try (Coordination late = Coordination.ofSentinels(
                List.copyOf(replication.sentinelNodes()), RedisReplication.MASTER_NAME, factory -> {})) {
            assertThatThrownBy(late::read)
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageContaining(
                            "the Sentinel at %s did not answer: Connection refused; check sentinel.nodes",
                            replication.sentinels().get(2).address());
        }
    }

    private static boolean uses(RedisServer server) {
        try {
            return coordination
                    .read()
                    .identity()
                    .startsWith(server.info("server", "run_id").orElseThrow());
        } catch (CoordinatorUnavailableException e) {
            return false;
        }
    }
}
