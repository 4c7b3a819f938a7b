package io.snowline.coordination.redis;

import io.snowline.coordination.support.Login;
import io.snowline.coordination.support.TlsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.providers.ClusterConnectionProvider;

/**
 * Opens connections. They speak RESP2 without {@code HELLO}, which Redis 5 does not know, and send nothing on their own
 * but the login and the database number, so that no further permission is needed.
 *
 * @param tls null for plain connections
 * @param maxIdle how many idle connections to keep for one server; the backend limits how many there are in all
 */
record Connector(
        Login login,
        int database,
        @Nullable TlsSettings tls,
        Duration connectTimeout,
        Duration replyTimeout,
        int maxIdle) {

    private static final String PKCS12 = "PKCS12";
    private static final Duration REST = Duration.ofSeconds(30);

    /** Opens one connection. */
    Connection connect(HostAndPort address) {
        return new Connection(address, config());
    }

    /** Makes a pool for one server; it connects on first use. */
    MasterConnections single(HostAndPort address) {
        return MasterConnections.of(RedisClient.builder()
                .hostAndPort(address)
                .clientConfig(config())
                .poolConfig(pool())
                .build());
    }

    /** Asks a Cluster for its nodes and makes a pool for each. */
    MasterConnections cluster(Collection<HostAndPort> nodes) {
        return MasterConnections.of(new ClusterConnectionProvider(new HashSet<>(nodes), config(), pool()));
    }

    private JedisClientConfig config() {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .serverDefaultProtocol()
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .connectionTimeoutMillis(Math.toIntExact(connectTimeout.toMillis()))
                .socketTimeoutMillis(Math.toIntExact(replyTimeout.toMillis()))
                .database(database);
        if (!login.isNone()) {
            // Asked for at every connection, so that a password in a file can be exchanged while the process runs.
            config.credentialsProvider(() -> new DefaultRedisCredentials(login.username(), login.password()));
        }
        if (tls != null) {
            config.sslOptions(options(tls));
        }
        return config.build();
    }

    /** Jedis reads the stores for every connection, so certificates can be replaced while the process runs. */
    private static SslOptions options(TlsSettings tls) {
        String password = TlsSettings.randomPassword();
        SslOptions.Builder options =
                SslOptions.builder().sslVerifyMode(tls.verifyHostname() ? SslVerifyMode.FULL : SslVerifyMode.CA);
        if (tls.trustInPkcs12(password) != null) {
            options.trustStoreType(PKCS12)
                    .truststore(() -> stream(tls::trustInPkcs12, password), password.toCharArray());
        }
        if (tls.identityInPkcs12(password) != null) {
            options.keyStoreType(PKCS12)
                    .keystore(() -> stream(tls::identityInPkcs12, password), password.toCharArray());
        }
        return options.build();
    }

    private static InputStream stream(Function<String, byte @Nullable []> store, String password) throws IOException {
        try {
            return new ByteArrayInputStream(Objects.requireNonNull(store.apply(password)));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e); // a file has become unreadable since the start
        }
    }

    private ConnectionPoolConfig pool() {
        ConnectionPoolConfig config = new ConnectionPoolConfig();
        config.setMaxTotal(-1);
        config.setMaxIdle(maxIdle);
        config.setTestWhileIdle(false);
        config.setMinEvictableIdleDuration(REST);
        config.setTimeBetweenEvictionRuns(REST);
        config.setJmxEnabled(false);
        return config;
    }
}
