package io.snowline.server;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the server is configured to listen for requests for IDs.
 *
 * <p>Immutable and thread-safe.
 */
final class ServerAddress {

    private final List<HttpConnectorFactory> connectors;

    ServerAddress(ServerFactory server) {
        connectors = connectors(server)
                .filter(HttpConnectorFactory.class::isInstance)
                .map(HttpConnectorFactory.class::cast)
                .toList();
    }

    private static Stream<ConnectorFactory> connectors(ServerFactory server) {
        if (server instanceof DefaultServerFactory several) {
            return several.getApplicationConnectors().stream();
        }
        return server instanceof SimpleServerFactory one ? Stream.of(one.getConnector()) : Stream.empty();
    }

    /** Returns this server's name for humans, {@code host:port}; empty if the port is chosen at start. */
    Optional<String> label() {
        return connectors.stream()
                .filter(connector -> connector.getPort() != 0)
                .findFirst()
                .map(connector -> host() + ":" + connector.getPort());
    }

    /** Tells whether other machines can reach the server. */
    boolean exposed() {
        return !connectors.stream().allMatch(ServerAddress::onLoopback);
    }

    private static boolean onLoopback(HttpConnectorFactory connector) {
        String host = connector.getBindHost();
        try {
            return host != null && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false; // binding it will say so
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
