package io.snowline.dropwizard;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.snowline.config.NamespaceSettings;
import io.snowline.config.Snowline;
import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.LeaseListener;
import io.snowline.id.IdGenerator;
import io.snowline.id.IdLayout;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.LaneStatus;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SnowflakeGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The metrics of one namespace: those of {@link NamespaceMetric} in Dropwizard's registry.
 *
 * <p>Thread-safe.
 */
final class NamespaceMetrics implements LeaseListener {

    private static final double SECONDS_PER_YEAR = 365.2425 * 24 * 60 * 60;

    private static final EnumSet<IdUnavailableException.Reason> OF_CLIENTS =
            EnumSet.of(IdUnavailableException.Reason.SERVER_UNAVAILABLE, IdUnavailableException.Reason.REQUEST_REFUSED);

    private final String namespace;
    private final MetricRegistry registry;
    private final Counter issued;
    private final Counter renewals;
    private final Counter failures;
    private final Counter keeperFailures;
    private final Counter lost;
    private final Counter floorsRaised;

    NamespaceMetrics(String namespace, MetricRegistry registry) {
        this.namespace = namespace;
        this.registry = registry;
        issued = counter(NamespaceMetric.ISSUED);
        renewals = counter(NamespaceMetric.RENEWALS);
        failures = counter(NamespaceMetric.RENEWAL_FAILURES);
        keeperFailures = counter(NamespaceMetric.KEEPER_FAILURES);
        lost = counter(NamespaceMetric.LOST);
        floorsRaised = counter(NamespaceMetric.FLOORS_RAISED);
        for (IdUnavailableException.Reason reason : EnumSet.complementOf(OF_CLIENTS)) {
            var unused = refused(reason); // so that each is shown from the start
        }
    }

    private Counter counter(NamespaceMetric metric) {
        return registry.counter(metric.of(namespace));
    }

    private Counter refused(IdUnavailableException.Reason reason) {
        return registry.counter(NamespaceMetric.REFUSED.of(reason.name().toLowerCase(Locale.ROOT), namespace));
    }

    /** Counts IDs that are handed out. */
    void issued(int count) {
        issued.inc(count);
    }

    /** Counts a call that got no ID. */
    void refused(IdUnavailableException why) {
        refused(why.reason()).inc();
    }

    @Override
    public void onEvent(LeaseEvent event) {
        switch (event.kind()) {
            case ACQUIRED, RENEWED, RECOVERED -> renewals.inc();
            case AT_RISK -> failures.inc();
            case FAILED -> keeperFailures.inc();
            case LOST -> lost.inc();
            case FLOOR_RAISED -> floorsRaised.inc();
            case CREATED, AHEAD_RAISED, WAITING, REFUSED, RELEASED -> {}
        }
    }

    /** Shows the state of the namespace's generator. */
    void watch(NamespaceSettings settings, IdGenerator generator) {
        IdLayout layout = settings.layout();
        gauge(NamespaceMetric.READY, () -> Snowline.readiness(generator).ready() ? 1 : 0);
        gauge(NamespaceMetric.YEARS_LEFT, () -> layout.timeLeft(Instant.now()).toSeconds() / SECONDS_PER_YEAR);
        if (generator instanceof SnowflakeGenerator leased) {
            watchLanes(settings.lanes(), leased::status);
        } else if (generator instanceof RecordedIdGenerator recorded) {
            gauge(
                    NamespaceMetric.NODE_ID.of("0", namespace),
                    () -> recorded.status().node().orElse(-1));
            gauge(NamespaceMetric.LEDGER_REFUSALS, recorded::ledgerRefusals);
        }
    }

    private void watchLanes(int lanes, Supplier<List<LaneStatus>> status) {
        gauge(NamespaceMetric.LEASE_REMAINING_SECONDS, () -> longest(status.get(), LaneStatus::remaining));
        gauge(NamespaceMetric.LEAD_SECONDS, () -> longest(status.get(), LaneStatus::lead));
        for (int lane = 0; lane < lanes; lane++) {
            int index = lane;
            gauge(NamespaceMetric.NODE_ID.of(Integer.toString(lane), namespace), () -> nodeId(status.get(), index));
        }
    }

    private static double longest(List<LaneStatus> lanes, Function<LaneStatus, Duration> duration) {
        return lanes.stream()
                        .map(duration)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO)
                        .toMillis()
                / 1000.0;
    }

    private static int nodeId(List<LaneStatus> lanes, int index) {
        return index < lanes.size() ? lanes.get(index).node().orElse(-1) : -1;
    }

    private <T> void gauge(NamespaceMetric metric, Gauge<T> gauge) {
        gauge(metric.of(namespace), gauge);
    }

    private <T> void gauge(String name, Gauge<T> gauge) {
        registry.gauge(name, () -> gauge);
    }
}
