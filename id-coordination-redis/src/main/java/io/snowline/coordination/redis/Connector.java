package io.snowline.coordination.redis;

import io.snowline.coordination.redis.MasterConnections.Master;
import io.snowline.coordination.support.Login;
import io.snowline.coordination.support.TlsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/**
 * Opens connections. They speak RESP2 without {@code HELLO}, which Redis 5 does not know, and send nothing on their own
 * but the login and the database number, so that no further permission is needed.
 *
 * @param ssl null for plain connections
 * @param addresses where servers are reached whose announced addresses lead nowhere
 * @param maxIdle how many idle connections to keep for one server; the backend limits how many there are in all
 */
record Connector(
        Login login,
        int database,
        @Nullable SslOptions ssl,
        AddressMap addresses,
        Duration connectTimeout,
        Duration replyTimeout,
        int maxIdle) {

    private static final String PKCS12 = "PKCS12";

    /** Opens one connection. */
    Connection connect(HostAndPort address) {
        return new Connection(address, config());
    }

    /** Makes a pool for a master; it connects on first use. */
    Master master(HostAndPort address, Peer peer) {
        return new Master(peer, address, ServerPool.of(address, config(), maxIdle));
    }

    /** Returns where a server is reached from here. */
    HostAndPort reach(HostAndPort announced) {
        return addresses.reach(announced);
    }

    boolean tls() {
        return ssl != null;
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
        if (ssl != null) {
            config.sslOptions(ssl);
        }
        return config.build();
    }

    /**
     * Jedis reads the files for every connection, so certificates can be replaced while the process runs.
     *
     * @throws IllegalArgumentException if a file cannot be read, or the files do not fit together
     */
    static SslOptions options(TlsSettings tls) {
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
}
