package io.snowline.server.config;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.jetty.HttpsConnectorFactory;
import io.snowline.config.Problems;
import io.snowline.coordination.support.HostName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the server is configured to listen for requests for IDs.
 *
 * <p>Immutable and thread-safe.
 */
public final class ServerAddress {

    private final List<HttpConnectorFactory> connectors;
    private final List<HttpConnectorFactory> administration;

    /** Reads where a server is configured to listen. */
    public ServerAddress(ServerFactory server) {
        if (server instanceof DefaultServerFactory several) {
            connectors = http(several.getApplicationConnectors());
            administration = http(several.getAdminConnectors());
        } else {
            connectors = server instanceof SimpleServerFactory one ? http(List.of(one.getConnector())) : List.of();
            administration = connectors;
        }
    }

    private static List<HttpConnectorFactory> http(List<ConnectorFactory> connectors) {
        return connectors.stream()
                .filter(HttpConnectorFactory.class::isInstance)
                .map(HttpConnectorFactory.class::cast)
                .toList();
    }

    /** Returns a line for each port: what is served there, and who can reach it. */
    public List<String> doors() {
        return Stream.concat(
                        connectors.stream().map(connector -> door("IDs", connector)),
                        administration.stream().map(connector -> door("administration", connector)))
                .toList();
    }

    private static String door(String what, HttpConnectorFactory connector) {
        return "port %s, %s%s: %s"
                .formatted(
                        Integer.toString(connector.getPort()),
                        what,
                        connector instanceof HttpsConnectorFactory ? " over TLS" : "",
                        onLoopback(connector) ? "this machine alone" : "every machine that reaches it");
    }

    private Stream<HttpsConnector> withTls() {
        return Stream.concat(connectors.stream(), administration.stream())
                .filter(HttpsConnector.class::isInstance)
                .map(HttpsConnector.class::cast)
                .distinct();
    }

    /** Returns the files with the certificates of all ports, and their keys. */
    public List<Path> certificates() {
        return withTls()
                .flatMap(connector -> connector.files().stream())
                .distinct()
                .toList();
    }

    /** Adds what is wrong with the certificates in PEM files. */
    void checkCertificates(Problems problems) {
        withTls()
                .forEach(connector -> problems.attempt(() -> {
                    connector.check();
                    return connector;
                }));
    }

    /** Returns this server's name for humans, {@code host:port}; empty if the port is chosen at start. */
    public Optional<String> label() {
        return connectors.stream()
                .filter(connector -> connector.getPort() != 0)
                .findFirst()
                .map(connector -> HostName.ofThisMachine() + ":" + connector.getPort());
    }

    /** Tells whether other machines can reach the server. */
    public boolean exposed() {
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
}
