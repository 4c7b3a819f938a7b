package io.snowline.coordination.redis;

import io.snowline.testing.RedisServer;
import java.nio.file.Path;

/** A certificate, and how a server and a coordinator get it. */
final class Certificates extends io.snowline.testing.Certificates {

    private Certificates(Path directory, String host) {
        super(directory, host);
    }

    static Certificates make(Path directory, String host) {
        return new Certificates(directory, host);
    }

    RedisServer startServer(boolean askClients) {
        return RedisServer.start(
                "--tls",
                "--tls-cert-file",
                certificate(),
                "--tls-key-file",
                key(),
                "--tls-ca-cert-file",
                certificate(),
                "--tls-auth-clients",
                askClients ? "yes" : "no");
    }

    void trust(RedisCoordinatorFactory factory) {
        factory.setTls(trust());
    }

    void trustAndShow(RedisCoordinatorFactory factory) {
        factory.setTls(trustAndShow());
    }

    void trustAndShowPem(RedisCoordinatorFactory factory) {
        factory.setTls(trustAndShowPem());
    }
}
