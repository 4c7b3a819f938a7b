package io.snowline.spring;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.snowline.id.IdLayout;
import io.snowline.id.LaneStatus;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of the namespaces. In Prometheus they have the names of the server's, so that one dashboard serves both:
 * {@code snowline_issued_total{namespace="orders"}}.
 *
 * <p>Thread-safe.
 */
final class SnowlineMeters implements MeterBinder {

    private static final double SECONDS_PER_YEAR = 365.2425 * 24 * 60 * 60;

    private final Namespaces namespaces;
    private final boolean leases;

    /**
     * Makes the binder.
     *
     * @param leases whether the generators hold node ids themselves
     */
    SnowlineMeters(Namespaces namespaces, boolean leases) {
        this.namespaces = namespaces;
        this.leases = leases;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        namespaces.all().forEach(ids -> bind(ids, new Of(registry, Tags.of("namespace", ids.namespace()))));
    }

    private void bind(NamespaceIds ids, Of namespace) {
        namespace.counter("issued", "IDs handed out", ids.issued());
        ids.refused().forEach((reason, count) -> namespace
                .and("reason", reason.name().toLowerCase(Locale.ROOT))
                .counter("refused", "calls that got no ID, by reason", count));
        namespace.gauge(
                "ready",
                "1 when IDs can be issued, else 0",
                ids,
                of -> of.issuing().readiness().get().ready() ? 1 : 0);
        if (leases) {
            bindLeases(ids, namespace);
        }
    }

    private static void bindLeases(NamespaceIds ids, Of namespace) {
        LeaseEvents events = ids.events();
        namespace.counter("renewals", "windows reserved or extended", events.renewals());
        namespace.counter("renewal.failures", "calls to the backend that failed", events.failures());
        namespace.counter("keeper.failures", "unexpected failures while renewing windows", events.keeperFailures());
        namespace.counter("lost", "node ids lost to another owner", events.lost());
        namespace.counter("floors.raised", "how often the backend may have lost something", events.floorsRaised());
        Timer timer = namespace.timer("renewal", "how long the backend's answers took");
        events.addTimer(timer::record);
        IdLayout layout = ids.layout();
        namespace.gauge(
                "years.left",
                "how many years the layout has left",
                layout,
                of -> of.timeLeft(Instant.now()).toSeconds() / SECONDS_PER_YEAR);
        bindLanes(ids, namespace);
    }

    private static void bindLanes(NamespaceIds ids, Of namespace) {
        int lanes = ids.issuing().nodes().get().size();
        for (int lane = 0; lane < lanes; lane++) {
            int index = lane;
            namespace
                    .and("lane", Integer.toString(lane))
                    .gauge("node.id", "the node id held, -1 for none", ids, of -> nodeId(of, index));
        }
        if (ids.issuing().ledgerRefusals().get().isPresent()) {
            namespace.counter("ledger.refusals", "IDs that the ledger had already", ids, of -> of.issuing()
                    .ledgerRefusals()
                    .get()
                    .orElse(0));
            return;
        }
        Supplier<List<LaneStatus>> status = () -> ids.issuing().lanes().get();
        namespace.gauge(
                "lease.remaining.seconds",
                "for how long IDs can be issued without the backend",
                status,
                of -> Issuing.remaining(of.get()).toMillis() / 1000.0);
        namespace.gauge(
                "lead.seconds", "how far the newest tick is ahead of the wall clock", status, of -> of.get().stream()
                        .mapToDouble(each -> each.lead().toMillis() / 1000.0)
                        .max()
                        .orElse(0));
    }

    private static int nodeId(NamespaceIds ids, int lane) {
        List<OptionalInt> nodes = ids.issuing().nodes().get();
        return lane < nodes.size() ? nodes.get(lane).orElse(-1) : -1;
    }

    /** The meters of a registry that have some tags. */
    private record Of(MeterRegistry registry, Tags tags) {

        Of and(String tag, String value) {
            return new Of(registry, tags.and(tag, value));
        }

        void counter(String name, String description, LongAdder count) {
            counter(name, description, count, LongAdder::sum);
        }

        <T> void counter(String name, String description, T of, ToDoubleFunction<T> value) {
            FunctionCounter.builder("snowline." + name, of, value)
                    .description(description)
                    .tags(tags)
                    .register(registry);
        }

        /** The registry does not keep an object alive for its gauge, unless it is told to. */
        <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
            Gauge.builder("snowline." + name, of, value)
                    .description(description)
                    .tags(tags)
                    .strongReference(true)
                    .register(registry);
        }

        Timer timer(String name, String description) {
            return Timer.builder("snowline." + name)
                    .description(description)
                    .tags(tags)
                    .publishPercentileHistogram()
                    .register(registry);
        }
    }
}
