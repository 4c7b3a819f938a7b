package io.snowline.coordination.etcd;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.snowline.coordination.support.Login;
import io.snowline.coordination.support.TlsSettings;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes clients, which connect at their first call, to the first of the endpoints.
 *
 * @param tls null for plain connections
 * @param given the program's own client, which is used as it is and never closed; null to make clients
 */
record Connector(
        List<Endpoint> endpoints,
        Login login,
        @Nullable TlsSettings tls,
        Duration connectTimeout,
        Duration requestTimeout,
        @Nullable Client given) {

    /** Detects a member that has gone silent while a call is under way; etcd refuses pings less than 5 s apart. */
    private static final Duration PING_EVERY = Duration.ofSeconds(10);

    private static final int LONGEST_ANSWER = 64 << 20;

    /** Returns a connector for each endpoint; one for all of them if the client was given. */
    List<Connector> apart() {
        return given != null
                ? List.of(this)
                : endpoints.stream().distinct().map(this::at).toList();
    }

    private Connector at(Endpoint endpoint) {
        return new Connector(List.of(endpoint), login, tls, connectTimeout, requestTimeout, given);
    }

    /**
     * @throws IllegalArgumentException if a file of the TLS settings cannot be read
     */
    Client connect() {
        return given == null ? make() : given;
    }

    /** Closes a client that {@link #connect} returned, if it was made there. */
    void close(Client client) {
        if (client != given) {
            client.close();
        }
    }

    private Client make() {
        ClientBuilder builder = Client.builder();
        if (tls != null) {
            builder.sslContext(context(tls));
            if (tls.authority() != null) {
                builder.authority(tls.authority());
            }
        }
        if (login.username() != null && login.password() != null) {
            builder.user(EtcdKeys.bytes(login.username())).password(EtcdKeys.bytes(login.password()));
        }
        // The form "ip:///host", which jetcd makes of endpoints(), cannot hold an IPv6 address.
        return builder.target(endpoints.get(0).toString())
                .connectTimeout(connectTimeout)
                .keepaliveTime(PING_EVERY)
                .keepaliveTimeout(Duration.ofSeconds(2))
                // etcd closes the connections of clients that ping it while no call is under way.
                .keepaliveWithoutCalls(false)
                .maxInboundMessageSize(LONGEST_ANSWER)
                // A call fails immediately while no member can be reached, instead of waiting in memory for one.
                .waitForReady(false)
                .retryMaxAttempts(0)
                .interceptor(new CallGuard(requestTimeout))
                .build();
    }

    /**
     * @throws IllegalArgumentException if a file cannot be read, or the files do not fit together
     */
    static SslContext context(TlsSettings tls) {
        try {
            return GrpcSslContexts.forClient()
                    .trustManager(tls.trust())
                    .keyManager(tls.identity())
                    .build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("tls must fit together, got %s: %s".formatted(tls, e.getMessage()), e);
        }
    }

    @Override
    public String toString() {
        return "etcd at " + Endpoint.list(endpoints);
    }
}
