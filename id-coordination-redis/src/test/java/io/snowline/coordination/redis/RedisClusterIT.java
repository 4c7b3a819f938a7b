package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.IdLedger;
import io.snowline.testing.RedisClusterServers;
import io.snowline.testing.RedisServer;
import io.snowline.testing.Troubles;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** Three masters with one replica each. */
@Timeout(60)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RedisClusterIT {

    private static RedisClusterServers cluster;

    @BeforeAll
    static void start() {
        cluster = RedisClusterServers.startWithReplicas();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Tag("T34")
    @Test
    @Order(1)
    void namespacesSpreadOverTheMastersAndEachLiesOnOne() {
        Set<String> identities = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            try (Coordination coordination = open()) {
                coordination.create();
                assertThat(coordination.reserve(1, 10).applied()).isTrue();
                long[] ids = LongStream.rangeClosed(1, 1500).toArray();
                IdLedger ledger = coordination
                        .coordinator()
                        .ledger(coordination.namespace())
                        .orElseThrow();
                assertThat(ledger.record(ids, Optional.empty())).isEmpty();
                assertThat(ledger.record(new long[] {7, 1501}, Optional.empty()))
                        .containsExactly(7);
                var lock = coordination.coordinator().lock(coordination.namespace(), "x");
                assertThat(lock.tryLock("me", Duration.ofSeconds(1)) && lock.unlock("me"))
                        .isTrue();
                identities.add(coordination.read().identity());
            }
        }
        assertThat(identities).hasSize(3);
    }

    @Test
    @Order(2)
    void everyMasterIsAskedForAdvice() {
        cluster.masters().get(2).command("CONFIG", "SET", "maxmemory-policy", "volatile-ttl");
        try (Coordination coordination = open()) {
            assertThat(coordination.coordinator().advisories())
                    .filteredOn(advice -> advice.contains("volatile-ttl"))
                    .singleElement()
                    .asString()
                    .contains(cluster.masters().get(2).address());
        }
    }

    @Test
    @Order(3)
    void aSlotThatHasMovedIsFoundAgainAndTheIdentityIsAnother() {
        try (Coordination coordination = open()) {
            String before = coordination.create().record().identity();
            RedisServer from = cluster.masterOf(coordination.key());
            RedisServer to = cluster.masters().stream()
                    .filter(server -> server != from)
                    .findAny()
                    .orElseThrow();
            cluster.moveSlot(coordination.key(), from, to);

            assertThatThrownBy(coordination::read)
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageContaining("MOVED");
            assertThat(coordination.read().identity())
                    .isNotEqualTo(before)
                    .startsWith(to.info("server", "run_id").orElseThrow());
            assertThat(coordination.read().namespace()).isPresent();
        }
    }

    @Test
    @Order(4)
    void aMasterThatDiesIsReplacedByItsReplicaAndTheIdentityIsAnother() {
        try (Coordination coordination = open()) {
            String before = coordination.create().record().identity();
            cluster.masterOf(coordination.key()).kill();
            assertThatThrownBy(coordination::read).isInstanceOf(CoordinatorUnavailableException.class);

            // failure detection and election take about two node timeouts, of 1 s here
            assertThat(coordination.readOnceRecovered(Duration.ofSeconds(15)).identity())
                    .isNotEqualTo(before);
            coordination.reserve(1, 10);
        }
    }

    @Test
    @Order(5)
    void aServerThatIsInNoClusterIsNamed() {
        try (Coordination coordination =
                Coordination.ofCluster(List.of(RedisServer.shared().address()))) {
            assertThatThrownBy(coordination::read)
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessage(
                            "Redis Cluster at %1$s: the node at %1$s cannot serve now: ERR This instance has cluster support disabled",
                            RedisServer.shared().address());
        }
    }

    @Test
    @Order(2)
    void aNodeThatIsTakenForASingleServerSaysSo() {
        String namespace = Coordination.newNamespace();
        RedisServer owner = cluster.masterOf(new RedisKeys(namespace).records());
        RedisServer other = cluster.masters().stream()
                .filter(server -> server != owner)
                .findAny()
                .orElseThrow();
        RedisCoordinatorFactory factory = new RedisCoordinatorFactory();
        factory.setUri(other.uri());
        try (Coordination alone = new Coordination(factory.open(), namespace)) {
            assertThatThrownBy(alone::read)
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageStartingWith(
                            "Redis at %s is a node of a Redis Cluster; name it in cluster.nodes, not in uri: MOVED",
                            other.uri())
                    .satisfies(e -> new Troubles("redis.md").requireTold(String.valueOf(e.getMessage())));
        }
    }

    private static Coordination open() {
        return Coordination.ofCluster(cluster.nodes());
    }
}
