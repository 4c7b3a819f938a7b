package io.snowline.server.issuing;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.lifecycle.Managed;
import io.snowline.coordination.LeaseListener;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.ReservationSettings;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.server.config.GeneratorSettings;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The generators of all namespaces. They start to acquire their node ids when they are made. As a {@link Managed} they
 * are stopped after Jetty has closed its connectors and the running requests have ended, and before everything that was
 * registered earlier, such as the coordinator: Jetty stops its beans in reverse order.
 *
 * <p>Thread-safe.
 */
public final class Issuers implements Managed {

    private final List<Issuer> issuers;

    private Issuers(List<Issuer> issuers) {
        this.issuers = issuers;
    }

    /**
     * What all generators of a server share.
     *
     * @param coordinator reserves windows; it is not closed here
     * @param reservation how far ahead windows reach
     * @param label this process' name for humans; empty for the library's choice
     * @param registry where metrics are registered
     * @param fatal called when a namespace can never be served
     */
    public record Shared(
            NodeCoordinator coordinator,
            ReservationSettings reservation,
            Optional<String> label,
            MetricRegistry registry,
            Consumer<Throwable> fatal) {}

    /** Makes and starts a generator for each entry of the configuration. */
    public static Issuers start(List<GeneratorSettings> generators, Shared setting) {
        return new Issuers(generators.stream()
                .map(generator -> generator.leased() ? leased(generator, setting) : recorded(generator, setting))
                .toList());
    }

    private static Issuer leased(GeneratorSettings settings, Shared setting) {
        NamespaceMetrics metrics = new NamespaceMetrics(settings.namespace(), setting.registry());
        SnowflakeGenerator.Builder builder = SnowflakeGenerator.builder(setting.coordinator(), settings.namespace())
                .layout(settings.layout())
                .reservation(setting.reservation())
                .nodeIds(settings.nodeIds())
                .lanes(settings.lanes())
                .maxLead(settings.maxLead())
                .maxWait(settings.maxWait())
                .listener(listener(metrics, setting));
        settings.startAbove().ifPresent(builder::startAbove);
        setting.label().ifPresent(builder::label);
        SnowflakeGenerator generator = builder.start();
        metrics.watchLanes(settings.lanes(), generator::status);
        metrics.watchTimeLeft(settings.layout());
        LeasedIssuer issuer = new LeasedIssuer(settings, generator, metrics);
        metrics.watchReadiness(issuer::readiness);
        return issuer;
    }

    private static Issuer recorded(GeneratorSettings settings, Shared setting) {
        NamespaceMetrics metrics = new NamespaceMetrics(settings.namespace(), setting.registry());
        boolean ledger = settings.recorded().ledger().orElseGet(() -> setting.coordinator()
                .ledger(settings.namespace())
                .isPresent());
        RecordedIdGenerator.Builder builder = RecordedIdGenerator.builder(setting.coordinator(), settings.namespace())
                .layout(settings.layout())
                .reservation(setting.reservation())
                .nodeIds(settings.nodeIds())
                .ledger(ledger)
                .keep(settings.recorded().keep())
                .maxWait(settings.maxWait())
                .listener(listener(metrics, setting));
        settings.startAbove().ifPresent(builder::startAbove);
        settings.recorded().node().ifPresent(builder::node);
        setting.label().ifPresent(builder::label);
        RecordedIdGenerator generator = builder.start();
        metrics.watchRecorded(generator::status, generator::ledgerRefusals);
        metrics.watchTimeLeft(settings.layout());
        RecordedIssuer issuer = new RecordedIssuer(settings, generator, metrics);
        metrics.watchReadiness(issuer::readiness);
        return issuer;
    }

    private static LeaseListener listener(NamespaceMetrics metrics, Shared setting) {
        StartGuard guard = new StartGuard(setting.fatal());
        return event -> {
            metrics.onEvent(event);
            guard.onEvent(event);
        };
    }

    /** Returns the issuers, in the order of the configuration. */
    public List<Issuer> all() {
        return issuers;
    }

    @Override
    public void stop() {
        close();
    }

    /** Gives every node id back, all at the same time, because each may wait for a coordinator that does not answer. */
    public void close() {
        List<Thread> closing = issuers.stream()
                .map(issuer -> new Thread(
                        issuer::close, "snowline-close-" + issuer.settings().namespace()))
                .toList();
        closing.forEach(Thread::start);
        try {
            for (Thread thread : closing) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stop waiting; the threads finish on their own
        }
    }
}
