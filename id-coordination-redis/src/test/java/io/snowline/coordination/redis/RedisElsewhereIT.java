package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.testing.Await;
import io.snowline.testing.RedisClusterServers;
import io.snowline.testing.RedisReplication;
import io.snowline.testing.RedisServer;
import io.snowline.testing.Troubles;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sentinels and nodes that announce addresses under which nothing is reached from here, and that refuse logins. */
@Timeout(60)
class RedisElsewhereIT {

    private static final int NOWHERE = 1;

    @Test
    void aMasterBehindAnotherAddressIsReachedThroughTheMapAndNamedWithoutIt() {
        try (RedisReplication replication = RedisReplication.start(0, 1)) {
            RedisServer master = replication.servers().get(0);
            RedisServer sentinel = replication.sentinels().get(0);
            sentinel.command("SENTINEL", "REMOVE", RedisReplication.MASTER_NAME);
            sentinel.command("SENTINEL", "MONITOR", RedisReplication.MASTER_NAME, "127.0.0.9", "" + NOWHERE, "1");

            try (Coordination lost = sentinels(replication, factory -> {})) {
                assertUnavailable(
                        lost,
                        "Redis master 'mymaster' of the Sentinels at %s: the master at 127.0.0.9:1 did not answer: Connection refused; if it has another address for this process, give that in addresses"
                                .formatted(sentinel.address()));
            }
            try (Coordination mapped =
                    sentinels(replication, factory -> factory.setAddresses(Map.of("127.0.0.9:1", master.address())))) {
                mapped.create();
                assertThat(mapped.reserve(1, 10).applied()).isTrue();
            }
        }
    }

    @Test
    void aClusterBehindOtherAddressesIsReachedThroughTheMap() {
        try (RedisClusterServers cluster = RedisClusterServers.start()) {
            Map<String, String> addresses = new HashMap<>();
            cluster.masters().forEach(server -> {
                server.command("CONFIG", "SET", "cluster-announce-port", "" + (40_000 + server.port() % 10_000));
                addresses.put("127.0.0.1:" + (40_000 + server.port() % 10_000), server.address());
            });
            ClusterSettings settings = new ClusterSettings();
            settings.setNodes(cluster.nodes());
            awaitAnnounced(cluster, addresses);
            try (Coordination mapped = Coordination.open(factory -> {
                factory.setCluster(settings);
                factory.setAddresses(addresses);
            })) {
                mapped.create();
                assertThat(mapped.coordinator().advisories()).isNotNull();
            }
        }
    }

    private static void awaitAnnounced(RedisClusterServers cluster, Map<String, String> addresses) {
        Await.until("announced ports", Duration.ofSeconds(20), () -> cluster.masters().stream()
                .allMatch(server -> {
                    String nodes = String.valueOf(server.command("CLUSTER", "NODES"));
                    return addresses.keySet().stream().allMatch(nodes::contains);
                }));
    }

    @Test
    void aNodeThatLeavesOutTheHostIsTheHost() {
        try (RedisClusterServers cluster = RedisClusterServers.start();
                Coordination coordination = Coordination.ofCluster(cluster.nodes())) {
            cluster.masters()
                    .forEach(server ->
                            server.command("CONFIG", "SET", "cluster-preferred-endpoint-type", "unknown-endpoint"));
            coordination.create();
            assertThat(coordination.reserve(1, 10).applied()).isTrue();

            cluster.masters()
                    .forEach(server -> server.command("CONFIG", "SET", "cluster-preferred-endpoint-type", "hostname"));
            try (Coordination nameless = Coordination.ofCluster(cluster.nodes().subList(0, 1))) {
                assertUnavailable(
                        nameless,
                        "Redis Cluster at %1$s: the node at %1$s does not know the host name of a master; set cluster-announce-hostname there, or cluster-preferred-endpoint-type to ip"
                                .formatted(cluster.nodes().get(0)));
            }
        }
    }

    @Test
    void whoRefusedTheLoginIsNamed() {
        try (RedisReplication replication = RedisReplication.start(0, 1)) {
            RedisServer sentinel = replication.sentinels().get(0);
            String backend = "Redis master 'mymaster' of the Sentinels at " + sentinel.address();
            replication.servers().get(0).command("ACL", "SETUSER", "ids", "on", ">right", "~*", "+@all");
            try (Coordination wrong = sentinels(replication, factory -> {
                factory.setUsername("ids");
                factory.setPassword("guessed");
            })) {
                assertUnavailable(
                        wrong,
                        "%s: the master at %s refused the login: WRONGPASS invalid username-password pair or user is disabled.; check username and password"
                                .formatted(backend, replication.servers().get(0).address()));
            }
            sentinel.command("ACL", "SETUSER", "watcher", "on", ">right", "+auth");
            sentinel.command("ACL", "SETUSER", "default", "off");
            try (Coordination without = sentinels(replication, factory -> {})) {
                assertUnavailable(
                        without,
                        "%s: the Sentinel at %s wants a login: NOAUTH Authentication required.; set sentinel.username and sentinel.password"
                                .formatted(backend, sentinel.address()));
            }
            assertSentinelRefuses(sentinel, "guessed", "refused the login: WRONGPASS", "check sentinel.username");
            assertSentinelRefuses(
                    sentinel, "right", "refused a command to this user: NOPERM", "it needs +sentinel|get-master-addr");
        }
    }

    private static void assertSentinelRefuses(RedisServer sentinel, String password, String what, String advice) {
        SentinelSettings settings = new SentinelSettings();
        settings.setMaster(RedisReplication.MASTER_NAME);
        settings.setNodes(List.of(sentinel.address()));
        settings.setUsername("watcher");
        settings.setPassword(password);
        try (Coordination coordination = Coordination.open(factory -> factory.setSentinel(settings))) {
            assertUnavailable(coordination, ": the Sentinel at " + sentinel.address() + " " + what);
            assertUnavailable(coordination, advice);
        }
    }

    private static Coordination sentinels(RedisReplication replication, Consumer<RedisCoordinatorFactory> settings) {
        return Coordination.ofSentinels(replication.sentinelNodes(), RedisReplication.MASTER_NAME, settings);
    }

    private static void assertUnavailable(Coordination coordination, String message) {
        assertThatThrownBy(coordination::create, message)
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(message)
                .satisfies(e -> new Troubles("redis.md").requireTold(String.valueOf(e.getMessage())));
    }
}
