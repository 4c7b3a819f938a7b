package io.snowline.coordination.zookeeper;

import java.nio.file.Path;
import java.util.Map;

/** A certificate, and how a server and a coordinator get it. */
final class Certificates extends io.snowline.testing.Certificates {

    private Certificates(Path directory, String host) {
        super(directory, host);
    }

    static Certificates of(Path directory, String host) {
        return new Certificates(directory, host);
    }

    /** Returns the settings with which a server speaks TLS on a port. */
    Map<String, Object> serverProperties(int securePort, boolean askClients) {
        return Map.of(
                "secureClientPort",
                Integer.toString(securePort),
                "serverCnxnFactory",
                "org.apache.zookeeper.server.NettyServerCnxnFactory",
                "ssl.keyStore.location",
                keyStore(),
                "ssl.keyStore.password",
                PASSWORD,
                "ssl.trustStore.location",
                trustStore(),
                "ssl.trustStore.password",
                PASSWORD,
                "ssl.clientAuth",
                askClients ? "need" : "none");
    }

    void trust(ZooKeeperCoordinatorFactory factory) {
        factory.setTls(trust());
    }

    void trustAndShow(ZooKeeperCoordinatorFactory factory) {
        factory.setTls(trustAndShow());
    }

    void trustAndShowPem(ZooKeeperCoordinatorFactory factory) {
        factory.setTls(trustAndShowPem());
    }
}
