package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeCoordinatorFactory;
import io.snowline.coordination.support.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisCoordinatorFactoryTest {

    private final RedisCoordinatorFactory factory = new RedisCoordinatorFactory();

    @Test
    void theServiceLoaderFindsItByItsType() {
        assertThat(ServiceLoader.load(NodeCoordinatorFactory.class).stream()
                        .map(provider -> provider.get().type()))
                .contains("redis");
    }

    @Test
    void withoutSettingsItIsALocalServer() {
        try (NodeCoordinator coordinator = factory.open()) {
            assertThat(coordinator).hasToString("Redis at redis://127.0.0.1:6379");
        }
    }

    @Test
    void openingTalksToNobody() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout(50);
            String address = "127.0.0.1:" + listener.getLocalPort();
            factory.setUri("redis://" + address);
            openAndClose(factory);
            openAndClose(sentinelFactory(address));
            openAndClose(clusterFactory(address));
            assertThatThrownBy(listener::accept).isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void coordinatorsNameTheirServersAndNoSecret() {
        factory.setUri("rediss://ids:s3cret@redis.example.com:6380/2");
        assertThat(text(factory)).isEqualTo("Redis at rediss://redis.example.com:6380/2");
        assertThat(text(sentinelFactory("s1", "s2:1")))
                .isEqualTo("Redis master 'mymaster' of the Sentinels at s1:26379, s2:1");
        assertThat(text(clusterFactory("n1", "n2:7000"))).isEqualTo("Redis Cluster at n1:6379, n2:7000");
    }

    @Test
    void noTextShowsASecret() {
        factory.setUri("redis://ids:s3cret@h");
        factory.setPassword("s3cret");
        SentinelSettings sentinel = sentinel("h");
        sentinel.setPassword("s3cret");
        factory.setSentinel(sentinel);

        assertThat(List.of(factory.toString(), sentinel.toString())).noneMatch(text -> text.contains("s3cret"));
        assertRefused("only one of uri, sentinel and cluster must be set")
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void onlyOneKindOfDeploymentIsTaken() {
        factory.setUri("redis://h");
        ClusterSettings cluster = new ClusterSettings();
        cluster.setNodes(List.of("n"));
        factory.setCluster(cluster);
        assertRefused("only one of uri, sentinel and cluster must be set, got uri redis://h, sentinel null,"
                + " cluster {nodes=[n]}");
    }

    @Test
    void aLoginIsGivenOnce() {
        factory.setUri("redis://ids:a@h/1");
        factory.setUsername("ids");
        assertRefused("username must be set once, got it in uri and as username");
        factory.setUsername(null);
        factory.setPassword("b");
        assertRefused("password must be set once, got it in uri and as password");
        factory.setPassword(null);
        factory.setDatabase(1);
        assertRefused("database must be set once, got it in uri and as database");
    }

    @Test
    void aUserInTheUriGoesWithThePasswordBesideIt() {
        factory.setUri("redis://ids@h");
        assertRefused("password must be set, because username is: 'ids'");
        factory.setPassword("s3cret");
        openAndClose(factory);
    }

    @Test
    void aSentinelLoginNeedsAPasswordToo() {
        SentinelSettings sentinel = sentinel("s");
        sentinel.setUsername("watcher");
        factory.setSentinel(sentinel);
        assertThatThrownBy(factory::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sentinel.password must be set, because sentinel.username is: 'watcher'");
    }

    @Test
    void aClusterHasDatabaseZeroOnly() {
        RedisCoordinatorFactory withCluster = clusterFactory("n");
        withCluster.setDatabase(1);
        assertThatThrownBy(withCluster::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("database must be 0 in a cluster, got 1");
    }

    @Test
    void blocksMustBeComplete() {
        SentinelSettings sentinel = new SentinelSettings();
        factory.setSentinel(sentinel);
        assertRefused("sentinel.master must be set");
        sentinel.setMaster("mymaster");
        assertRefused("sentinel.nodes must name at least one host:port, got none");
        factory.setSentinel(null);
        factory.setCluster(new ClusterSettings());
        assertRefused("cluster.nodes must name at least one host:port, got none");
    }

    @Test
    void tlsIsSaidInTheUriWhereThereIsOne() {
        factory.setTls(new TlsSettings());
        factory.setUri("redis://h");
        assertRefused("tls must be left out where uri is redis://; for TLS say rediss://");
        factory.setUri("rediss://h");
        openAndClose(factory);
        factory.setTls(null);
        openAndClose(factory);
    }

    @Test
    void filesOfTlsMustBeUsable() {
        TlsSettings tls = new TlsSettings();
        tls.setTrustStore("missing.p12");
        factory.setUri("rediss://h");
        factory.setTls(tls);
        assertRefused(
                "tls.trustStore must be a file with certificates that tls.trustStorePassword opens, got 'missing");
    }

    @Test
    void passwordsMayBeInFiles(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("password"), "s3cret\n");
        SentinelSettings sentinel = new SentinelSettings();
        sentinel.setMaster("mymaster");
        sentinel.setNodes(List.of("n"));
        sentinel.setPasswordFile(file.toString());
        factory.setPasswordFile(file.toString());
        factory.setSentinel(sentinel);
        openAndClose(factory);
        sentinel.setPassword("s3cret");
        assertRefused("only one of sentinel.password and sentinel.passwordFile must be set, got both");
    }

    @Test
    void eachSetterChecksItsOwnValue() {
        refused("uri must", f -> f.setUri("http://h"));
        refused("database must not be negative, got -1", f -> f.setDatabase(-1));
        refused("maxConnections must be at least 1, got 0", f -> f.setMaxConnections(0));
        refused("waitReplicas must not be negative, got -1", f -> f.setWaitReplicas(-1));
        refused("connectTimeout must be from 1 ms to 1 h, got PT0S", f -> f.setConnectTimeout(Duration.ZERO));
        refused("readTimeout must be from 1 ms to 1 h, got PT-1S", f -> f.setReadTimeout(Duration.ofSeconds(-1)));
        refused("poolTimeout must be from 1 ms to 1 h, got PT24H", f -> f.setPoolTimeout(Duration.ofDays(1)));
        refused(
                "readTimeout must be from 1 ms to 1 h, got PT2562047788015215H30M7.999999999S",
                f -> f.setReadTimeout(ChronoUnit.FOREVER.getDuration()));
        refused("waitTimeout must be from 1 ms to 1 h, got PT0.000001S", f -> f.setWaitTimeout(Duration.ofNanos(1000)));
        refused("username must not be empty", f -> f.setUsername(""));
        refused("password must not be empty", f -> f.setPassword(""));
        refused("passwordFile must not be empty", f -> f.setPasswordFile(""));
        refused("sentinel.password must not be empty", f -> new SentinelSettings().setPassword(""));
        refused("sentinel.master must be the name of a master", f -> new SentinelSettings().setMaster(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h:", "h:0", "h:99999", "redis://h", "h:1:2", "a b", "u@h"})
    void addressesAreHostAndPort(String address) {
        refused("sentinel.nodes must", f -> new SentinelSettings().setNodes(List.of("ok:1", address)));
        refused("cluster.nodes must", f -> new ClusterSettings().setNodes(List.of("ok:1", address)));
    }

    @Test
    void namesOfNamespacesAndLocksAreChecked() {
        try (NodeCoordinator coordinator = factory.open()) {
            assertThatThrownBy(() -> coordinator.read("a}b")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> coordinator.ledger("")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> coordinator.lock("orders", "a b"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("lock name must be");
            assertThatCode(() -> coordinator.lock("orders", "node-7")).doesNotThrowAnyException();
        }
    }

    private org.assertj.core.api.AbstractThrowableAssert<?, ?> assertRefused(String message) {
        return assertThatThrownBy(factory::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    private void refused(String message, Consumer<RedisCoordinatorFactory> change) {
        assertThatThrownBy(() -> change.accept(factory), message)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    private static String text(RedisCoordinatorFactory factory) {
        try (NodeCoordinator coordinator = factory.open()) {
            return coordinator.toString();
        }
    }

    private static void openAndClose(RedisCoordinatorFactory factory) {
        NodeCoordinator coordinator = factory.open();
        coordinator.close();
        coordinator.close();
    }

    private static RedisCoordinatorFactory sentinelFactory(String... nodes) {
        RedisCoordinatorFactory factory = new RedisCoordinatorFactory();
        factory.setSentinel(sentinel(nodes));
        return factory;
    }

    private static SentinelSettings sentinel(String... nodes) {
        SentinelSettings sentinel = new SentinelSettings();
        sentinel.setMaster("mymaster");
        sentinel.setNodes(List.of(nodes));
        return sentinel;
    }

    private static RedisCoordinatorFactory clusterFactory(String... nodes) {
        ClusterSettings cluster = new ClusterSettings();
        cluster.setNodes(List.of(nodes));
        RedisCoordinatorFactory factory = new RedisCoordinatorFactory();
        factory.setCluster(cluster);
        return factory;
    }
}
