package io.snowline.server.connections;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.snowline.server.access.Limits;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;

/**
 * Bounds the connections to the application port. Those to an administrative port of its own are not bounded: it must
 * answer when the application's is full.
 *
 * <p>Thread-safe.
 */
public final class ConnectionBounds implements Runnable {

    /** When there are as many connections as there may be, idle ones are closed after this. */
    private static final Duration IDLE_WHEN_FULL = Duration.ofSeconds(1);

    private static final String ADMINISTRATION = "admin";

    private final Limits limits;
    private final MetricRegistry metrics;
    private volatile Runnable rounds = () -> {};

    /** @param metrics gets what is refused and closed */
    public ConnectionBounds(Limits limits, MetricRegistry metrics) {
        this.limits = limits;
        this.metrics = metrics;
    }

    /** Bounds the connections of a server that is about to start. */
    public void apply(Server server) {
        List<Connector> connectors = Arrays.stream(server.getConnectors())
                .filter(connector -> !ADMINISTRATION.equals(connector.getName()))
                .toList();
        NetworkConnectionLimit all =
                new NetworkConnectionLimit(limits.connections(), connectors.toArray(Connector[]::new));
        all.setEndPointIdleTimeout(IDLE_WHEN_FULL.toMillis());
        server.addBean(all);
        AddressLimit perAddress = new AddressLimit(limits.connectionsPerAddress());
        for (Connector connector : connectors) {
            if (connector instanceof AbstractConnector known) {
                known.addBean(perAddress);
            }
        }
        SlowRequests slow = new SlowRequests(connectors, limits.headerTime(), limits.answerTime());
        rounds = () -> {
            slow.run();
            makeRoom(all, connectors);
        };
        gauge("connections", all::getNetworkConnectionCount);
        gauge("connections-refused", perAddress::refused);
        gauge("connections-too-slow", slow::closed);
    }

    /**
     * Lets idle connections end soon while there are as many as there may be. Jetty does so for those that it has when
     * the limit is reached, which those that it is just accepting are not among.
     */
    private static void makeRoom(NetworkConnectionLimit limit, List<Connector> connectors) {
        if (limit.getNetworkConnectionCount() < limit.getMaxNetworkConnectionCount()) {
            return;
        }
        connectors.stream()
                .flatMap(connector -> connector.getConnectedEndPoints().stream())
                .forEach(endPoint -> endPoint.setIdleTimeout(IDLE_WHEN_FULL.toMillis()));
    }

    private <T> void gauge(String name, Gauge<T> gauge) {
        metrics.gauge("io.snowline.server." + name, () -> gauge);
    }

    /** Closes connections that take too long, or are too many. Only one thread may call this at a time. */
    @Override
    public void run() {
        rounds.run();
    }
}
