package io.snowline.coordination.etcd;

import io.snowline.testing.EtcdServer;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A certificate, and how a server and a coordinator get it. */
final class Certificates extends io.snowline.testing.Certificates {

    private Certificates(Path directory, String host) {
        super(directory, host);
    }

    static Certificates make(Path directory, String host) {
        return new Certificates(directory, host);
    }

    EtcdServer startServer(String... more) {
        return EtcdServer.start(
                Stream.concat(Stream.of("--cert-file", certificate(), "--key-file", key()), Stream.of(more))
                        .toArray(String[]::new));
    }

    /** Starts a server that answers only clients with this certificate. */
    EtcdServer startServerForKnownClients() {
        return startServer("--client-cert-auth", "--trusted-ca-file", certificate());
    }
}
