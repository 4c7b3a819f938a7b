package io.snowline.coordination.redis;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeCoordinatorFactory;
import io.snowline.coordination.redis.MasterConnections.Master;
import io.snowline.coordination.redis.RedisBackend.ReplicaWait;
import io.snowline.coordination.support.Checks;
import io.snowline.coordination.support.Login;
import io.snowline.coordination.support.PasswordSource;
import io.snowline.coordination.support.Secrets;
import io.snowline.coordination.support.TlsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;

/**
 * A factory of coordinators over Redis 5 to 8 or Valkey: {@code type: redis}. Not thread-safe; the coordinators that it
 * opens are.
 *
 * <table>
 * <caption>Settings; at most one of {@code uri}, {@code sentinel} and {@code cluster}</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>uri</td><td>redis://127.0.0.1:6379</td><td>a single server:
 *   {@code redis://[user:password@]host[:port][/database]}, {@code rediss://} for TLS</td></tr>
 * <tr><td>sentinel</td><td>none</td><td>{@link SentinelSettings}</td></tr>
 * <tr><td>cluster</td><td>none</td><td>{@link ClusterSettings}</td></tr>
 * <tr><td>addresses</td><td>none</td><td>with Sentinels or a Cluster: where a server is reached whose announced address leads
 *   nowhere, {@code announced: reachable}</td></tr>
 * <tr><td>username, password</td><td>none</td><td>the login, if the URI has none; a password alone is that of the
 *   default user</td></tr>
 * <tr><td>passwordFile</td><td>none</td><td>a file that holds the password</td></tr>
 * <tr><td>database</td><td>0</td><td>the database number, if the URI has none; 0 in a Cluster</td></tr>
 * <tr><td>tls</td><td>none</td><td>{@link TlsSettings}, with {@code rediss://}, Sentinels or a Cluster; a URI with
 *   {@code rediss://} alone trusts what the JVM trusts</td></tr>
 * <tr><td>connectTimeout</td><td>1 s</td><td>how long opening a connection may take</td></tr>
 * <tr><td>readTimeout</td><td>1 s</td><td>how long a reply may take, not counting {@code waitTimeout}</td></tr>
 * <tr><td>poolTimeout</td><td>1 s</td><td>how long a step may wait for a free connection</td></tr>
 * <tr><td>maxConnections</td><td>8</td><td>how many steps may run at the same time</td></tr>
 * <tr><td>waitReplicas</td><td>0</td><td>how many replicas must acknowledge a window or a ledger entry before it
 *   counts</td></tr>
 * <tr><td>waitTimeout</td><td>1 s</td><td>how long they may take; after that the step's outcome is unknown</td></tr>
 * </table>
 *
 * <p>The user needs the keys {@code ~id_gen:* ~id_gen_lock:*} and the commands
 * {@code +eval +evalsha +time +info +hget +hset +hgetall +get +set +del +wait}; {@code +select} for a database other
 * than 0, {@code +cluster|slots +asking} in a Cluster. Redis lists {@code INFO} among its dangerous commands, but it cannot be
 * left out: it shows the identity, which tells when data may have been lost.
 *
 * <p>Does not guarantee that Redis keeps anything: after a restart without persistence, a failover or a
 * {@code FLUSHALL}, the changed identity or the missing record starts a new incarnation above every window that may
 * have been forgotten. Not noticed are a server that is reset to a snapshot of its memory, and servers whose clocks
 * differ by more than the guard.
 */
public final class RedisCoordinatorFactory implements NodeCoordinatorFactory {

    private static final String DEFAULT_URI = "redis://127.0.0.1:6379";

    private @Nullable String uri;
    private @Nullable SentinelSettings sentinel;
    private @Nullable ClusterSettings cluster;
    private Map<String, String> addresses = Map.of();
    private @Nullable String username;
    private @Nullable String password;
    private @Nullable String passwordFile;
    private @Nullable Integer database;
    private @Nullable TlsSettings tls;
    private Duration connectTimeout = Duration.ofSeconds(1);
    private Duration readTimeout = Duration.ofSeconds(1);
    private Duration poolTimeout = Duration.ofSeconds(1);
    private int maxConnections = 8;
    private int waitReplicas;
    private Duration waitTimeout = Duration.ofSeconds(1);

    @Override
    public String type() {
        return "redis";
    }

    @Override
    public NodeCoordinator open() {
        long given = Stream.of(uri, sentinel, cluster).filter(Objects::nonNull).count();
        if (given > 1) {
            throw new IllegalArgumentException(
                    "only one of uri, sentinel and cluster must be set, got uri %s, sentinel %s, cluster %s"
                            .formatted((uri == null ? null : Secrets.maskLogin(uri)), sentinel, cluster));
        }
        return over(topology());
    }

    /**
     * Makes a coordinator on a client that the program has already, and closes itself: of this factory's settings {@code
     * maxConnections}, {@code poolTimeout}, {@code waitReplicas} and {@code waitTimeout} apply, all others are the client's. Its pool
     * should have {@code maxConnections} to spare; its reply timeout, plus {@code waitTimeout} if replicas are waited for, bounds a step.
     *
     * <p>Snowline borrows connections from the client's pool and runs its scripts on them directly, so retries and other features of
     * the client do not apply. After a failure it asks the pool to drop its idle connections.
     */
    public NodeCoordinator open(RedisClient client) {
        Peer peer = Peer.ofClient();
        Master master = new Master(peer, new HostAndPort(peer.name(), 0), client.getPool());
        return over(new Topology.Fixed(peer.name(), master::borrowed));
    }

    private NodeCoordinator over(Topology topology) {
        ReplicaWait wait = new ReplicaWait(waitReplicas, waitTimeout.toMillis());
        return new RedisCoordinator(new RedisBackend(topology, maxConnections, poolTimeout, wait));
    }

    private Topology topology() {
        if (sentinel != null) {
            return sentinels(sentinel);
        }
        return cluster != null ? cluster(cluster) : single(RedisUri.parse(uri == null ? DEFAULT_URI : uri));
    }

    private Topology single(RedisUri address) {
        if (tls != null && !address.tls()) {
            throw new IllegalArgumentException("tls must be left out where uri is redis://; for TLS say rediss://");
        }
        String inUri = address.password();
        Login login = Login.withDefaultUser(
                "",
                once("username", address.user(), username),
                inUri == null
                        ? password()
                        : Secrets.source(
                                "password", once("password", inUri, password().now()), null));
        Integer number = once("database", address.database(), database);
        if (!addresses.isEmpty()) {
            throw new IllegalArgumentException(
                    "addresses must be left out for a single server; uri says where it is, got " + addresses);
        }
        TlsSettings settings = tls == null && address.tls() ? new TlsSettings() : tls;
        Connector connector = connector(login, number == null ? 0 : number, ssl(settings));
        Peer peer = Peer.single(address);
        return new Topology.Fixed(
                peer.name(), () -> connector.master(address.address(), peer).alone());
    }

    private Topology sentinels(SentinelSettings settings) {
        List<HostAndPort> nodes = settings.addresses();
        SslOptions ssl = ssl(tls);
        Connector toMaster =
                connector(Login.withDefaultUser("", username, password()), (database == null ? 0 : database), ssl);
        Connector toSentinel = connector(settings.login(), 0, ssl);
        return new SentinelTopology(settings.master(), nodes, toSentinel, toMaster);
    }

    private Topology cluster(ClusterSettings settings) {
        if ((database == null ? 0 : database) != 0) {
            throw new IllegalArgumentException(
                    "database must be 0 in a cluster, got " + (database == null ? 0 : database));
        }
        List<HostAndPort> nodes = settings.addresses();
        return new ClusterTopology(connector(Login.withDefaultUser("", username, password()), 0, ssl(tls)), nodes);
    }

    private static <T> @Nullable T once(String property, @Nullable T inUri, @Nullable T alone) {
        if (inUri != null && alone != null) {
            throw new IllegalArgumentException(property + " must be set once, got it in uri and as " + property);
        }
        return inUri != null ? inUri : alone;
    }

    private PasswordSource password() {
        return Secrets.source("password", password, passwordFile);
    }

    private Connector connector(Login login, int number, @Nullable SslOptions ssl) {
        Duration reply = waitReplicas > 0 ? readTimeout.plus(waitTimeout) : readTimeout;
        return new Connector(login, number, ssl, AddressMap.of(addresses), connectTimeout, reply, maxConnections);
    }

    private static @Nullable SslOptions ssl(@Nullable TlsSettings settings) {
        if (settings == null) {
            return null;
        }
        if (settings.authority() != null) {
            throw new IllegalArgumentException(
                    "tls.authority must be left out for Redis: its client always checks the name"
                            + " of the host connected to, unless tls.verifyHostname is false");
        }
        return Connector.options(settings); // fails here if a file cannot be read
    }

    /**
     * Sets the address of a single server.
     *
     * @throws IllegalArgumentException if it is not a Redis URI
     */
    public void setUri(@Nullable String uri) {
        if (uri != null) {
            RedisUri.parse(uri);
        }
        this.uri = uri;
    }

    public void setSentinel(@Nullable SentinelSettings sentinel) {
        this.sentinel = sentinel;
    }

    public void setCluster(@Nullable ClusterSettings cluster) {
        this.cluster = cluster;
    }

    /**
     * Sets where servers are reached whose announced addresses lead nowhere from here, as behind NAT or in Docker: by
     * the announced address, {@code host:port} to {@code host:port}, or {@code host} to {@code host} for every port.
     *
     * @throws IllegalArgumentException if an address has any other form
     */
    public void setAddresses(Map<String, String> addresses) {
        AddressMap.of(addresses);
        this.addresses = Map.copyOf(addresses);
    }

    /**
     * Sets the user to log in as.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setUsername(@Nullable String username) {
        this.username = Secrets.requireNotEmpty("username", username);
    }

    /**
     * Sets the password to log in with.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setPassword(@Nullable String password) {
        this.password = Secrets.requireNotEmpty("password", password);
    }

    /**
     * Sets the file that holds the password to log in with.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setPasswordFile(@Nullable String passwordFile) {
        this.passwordFile = Secrets.requireNotEmpty("passwordFile", passwordFile);
    }

    /**
     * Sets the database number.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public void setDatabase(int database) {
        if (database < 0) {
            throw new IllegalArgumentException("database must not be negative, got " + database);
        }
        this.database = database;
    }

    public void setTls(@Nullable TlsSettings tls) {
        this.tls = tls;
    }

    /**
     * Sets how long opening a connection may take.
     *
     * @throws IllegalArgumentException if it is not from 1 ms to 1 h
     */
    public void setConnectTimeout(Duration connectTimeout) {
        this.connectTimeout = Checks.requireTimeout("connectTimeout", connectTimeout);
    }

    /**
     * Sets how long a reply may take, not counting {@code waitTimeout}.
     *
     * @throws IllegalArgumentException if it is not from 1 ms to 1 h
     */
    public void setReadTimeout(Duration readTimeout) {
        this.readTimeout = Checks.requireTimeout("readTimeout", readTimeout);
    }

    /**
     * Sets how long a step may wait for a free connection.
     *
     * @throws IllegalArgumentException if it is not from 1 ms to 1 h
     */
    public void setPoolTimeout(Duration poolTimeout) {
        this.poolTimeout = Checks.requireTimeout("poolTimeout", poolTimeout);
    }

    /**
     * Sets how many steps may run at the same time.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public void setMaxConnections(int maxConnections) {
        if (maxConnections < 1) {
            throw new IllegalArgumentException("maxConnections must be at least 1, got " + maxConnections);
        }
        this.maxConnections = maxConnections;
    }

    /**
     * Sets how many replicas must acknowledge a window or a ledger entry before it counts.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public void setWaitReplicas(int waitReplicas) {
        if (waitReplicas < 0) {
            throw new IllegalArgumentException("waitReplicas must not be negative, got " + waitReplicas);
        }
        this.waitReplicas = waitReplicas;
    }

    /**
     * Sets how long replicas may take to acknowledge.
     *
     * @throws IllegalArgumentException if it is not from 1 ms to 1 h
     */
    public void setWaitTimeout(Duration waitTimeout) {
        this.waitTimeout = Checks.requireTimeout("waitTimeout", waitTimeout);
    }

    @Override
    public String toString() {
        return ("RedisCoordinatorFactory{uri=%s, sentinel=%s, cluster=%s, addresses=%s, username=%s, password=%s, database=%s,"
                        + " tls=%s, maxConnections=%s, waitReplicas=%s}")
                .formatted(
                        (uri == null ? null : Secrets.maskLogin(uri)),
                        sentinel,
                        cluster,
                        addresses,
                        username,
                        Secrets.mask(password),
                        (database == null ? 0 : database),
                        tls,
                        maxConnections,
                        waitReplicas);
    }
}
