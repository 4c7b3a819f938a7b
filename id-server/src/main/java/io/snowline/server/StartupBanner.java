package io.snowline.server;

import io.dropwizard.lifecycle.ServerLifecycleListener;
import io.snowline.config.TimeLeft;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.server.config.GeneratorSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs in plain words, once the server listens, what it serves, on which coordinator, and what to try. */
final class StartupBanner implements ServerLifecycleListener {

    private static final Logger LOG = LoggerFactory.getLogger(StartupBanner.class);

    private final NodeCoordinator coordinator;
    private final List<GeneratorSettings> generators;
    private final boolean exposed;
    private final String context;
    private final String adminContext;

    /**
     * @param context the path under which the application lies, such as {@code /}
     * @param adminContext the path under which the administration lies
     */
    StartupBanner(
            NodeCoordinator coordinator,
            List<GeneratorSettings> generators,
            boolean exposed,
            String context,
            String adminContext) {
        this.coordinator = coordinator;
        this.generators = generators;
        this.exposed = exposed;
        this.context = context.equals("/") ? "" : context;
        this.adminContext = adminContext.equals("/") ? "" : adminContext;
    }

    @Override
    public void serverStarted(Server server) {
        LOG.info("Coordinator: {}. {}", coordinator, scope());
        url(server, "application").ifPresent(admin -> LOG.info("Console: {}/console/", admin + adminContext));
        String base = url(server);
        for (GeneratorSettings generator : generators) {
            LOG.info("Serving {}. Try: curl {}/v1/{}/id", generator, base + context, generator.namespace());
            warnOfTheEnd(generator);
        }
        warnOfOpenDoors();
    }

    private String scope() {
        return switch (coordinator.scope()) {
            case MACHINE -> "IDs are unique among the processes that share this directory, and no others";
            case NETWORK -> "IDs are unique among all processes that use it";
        };
    }

    private static void warnOfTheEnd(GeneratorSettings generator) {
        TimeLeft left = TimeLeft.of(generator.layout());
        if (left.few()) {
            LOG.warn(
                    "The layout of namespace '{}' lasts for {} more; plan for another namespace",
                    generator.namespace(),
                    left);
        }
    }

    private void warnOfOpenDoors() {
        List<String> open = generators.stream()
                .filter(generator -> !generator.tokens().guarded())
                .map(GeneratorSettings::namespace)
                .toList();
        if (exposed && !open.isEmpty()) {
            LOG.warn("Any machine that reaches this server may take IDs of {}: no tokens are set", open);
        }
    }

    /** Returns the address of the application, without its context path; empty if it has none of its own. */
    static String url(Server server) {
        return url(server, "admin").orElse("");
    }

    /** Returns the address of the first connector with another name; a simple server has one, for everything. */
    private static Optional<String> url(Server server, String other) {
        return Arrays.stream(server.getConnectors())
                .filter(connector -> !other.equals(connector.getName()))
                .filter(ServerConnector.class::isInstance)
                .map(ServerConnector.class::cast)
                .findFirst()
                .map(StartupBanner::url);
    }

    private static String url(ServerConnector connector) {
        boolean secure = connector.getProtocols().contains("ssl");
        String host = connector.getHost();
        String name = host == null || host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
        return "%s://%s:%s"
                .formatted(
                        secure ? "https" : "http",
                        name.indexOf(':') >= 0 ? "[" + name + "]" : name,
                        Integer.toString(connector.getLocalPort()));
    }
}
