package io.snowline.server.issuing;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.LeaseListener;
import io.snowline.id.IdLayout;
import io.snowline.id.IdRange;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.LaneStatus;
import io.snowline.id.Readiness;
import io.snowline.id.RecordedStatus;
import io.snowline.server.access.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * The metrics of one namespace: those of {@link NamespaceMetric} in Dropwizard's registry, and its latencies.
 *
 * <p>Thread-safe.
 */
final class NamespaceMetrics implements LeaseListener {

    private static final int UNAUTHORIZED = 401;
    private static final double SECONDS_PER_YEAR = 365.2425 * 24 * 60 * 60;

    private static final EnumSet<IdUnavailableException.Reason> OF_CLIENTS =
            EnumSet.of(IdUnavailableException.Reason.SERVER_UNAVAILABLE, IdUnavailableException.Reason.REQUEST_REFUSED);

    private final String namespace;
    private final MetricRegistry registry;
    private final Counter issued;
    private final Counter ranges;
    private final Counter succeeded;
    private final Counter clientErrors;
    private final Counter serverErrors;
    private final Counter unauthorized;
    private final Counter renewals;
    private final Counter failures;
    private final Counter keeperFailures;
    private final Counter lost;
    private final Counter floorsRaised;
    private final Latencies latencies;
    private final DistributionDataPoint renewalSeconds;

    NamespaceMetrics(String namespace, MetricRegistry registry, Latencies latencies) {
        this.namespace = namespace;
        this.registry = registry;
        this.latencies = latencies;
        renewalSeconds = latencies.renewals(namespace);
        issued = counter(NamespaceMetric.ISSUED);
        ranges = counter(NamespaceMetric.RANGES);
        succeeded = counter(NamespaceMetric.ANSWERS, "2xx");
        clientErrors = counter(NamespaceMetric.ANSWERS, "4xx");
        serverErrors = counter(NamespaceMetric.ANSWERS, "5xx");
        unauthorized = counter(NamespaceMetric.UNAUTHORIZED);
        renewals = counter(NamespaceMetric.RENEWALS);
        failures = counter(NamespaceMetric.RENEWAL_FAILURES);
        keeperFailures = counter(NamespaceMetric.KEEPER_FAILURES);
        lost = counter(NamespaceMetric.LOST);
        floorsRaised = counter(NamespaceMetric.FLOORS_RAISED);
        for (IdUnavailableException.Reason reason : EnumSet.complementOf(OF_CLIENTS)) {
            var unused = refused(reason); // so that each is shown from the start
        }
        for (Limit limit : Limit.values()) {
            var unused = counter(limit);
        }
    }

    private Counter refused(IdUnavailableException.Reason reason) {
        return counter(NamespaceMetric.REFUSED, reason.name());
    }

    /** Counts IDs that are handed out. */
    void issued(int count) {
        issued.inc(count);
    }

    /** Counts a range, whose IDs are all handed out with it. */
    void issued(IdRange range) {
        ranges.inc();
        issued.inc(range.count());
    }

    /** Counts IDs that are handed out to those who have a token with a name. */
    void issuedTo(String token, int count) {
        if (!token.isEmpty()) {
            registry.counter(NamespaceMetric.ISSUED_TO.of(token, namespace)).inc(count);
        }
    }

    private Counter counter(Limit limit) {
        return counter(NamespaceMetric.LIMITED, limit.name());
    }

    /** Counts a request that is refused because a bound is exceeded. */
    void limited(Limit limit) {
        counter(limit).inc();
    }

    /** Counts an answer by its HTTP status. */
    void answered(int status) {
        if (status == UNAUTHORIZED) {
            unauthorized.inc();
        }
        (status < 400 ? succeeded : status < 500 ? clientErrors : serverErrors).inc();
    }

    /** Returns what takes down how long an answer to a call took, in nanoseconds. */
    LongConsumer timer(String call) {
        DistributionDataPoint seconds = latencies.requests(namespace, call);
        return nanos -> seconds.observe(Latencies.seconds(nanos));
    }

    /** Counts a request that is refused. */
    void refused(IdUnavailableException why) {
        refused(why.reason()).inc();
    }

    @Override
    public void onEvent(LeaseEvent event) {
        switch (event.kind()) {
            case ACQUIRED, RENEWED, RECOVERED -> {
                renewals.inc();
                renewalSeconds.observe(Latencies.seconds(event.took()));
            }
            case AT_RISK -> failures.inc();
            case FAILED -> keeperFailures.inc();
            case LOST -> lost.inc();
            case FLOOR_RAISED -> floorsRaised.inc();
            case CREATED, AHEAD_RAISED, WAITING, REFUSED, RELEASED -> {}
        }
    }

    /** Shows the state of the lanes. */
    void watchLanes(int lanes, Supplier<List<LaneStatus>> status) {
        gauge(
                NamespaceMetric.LEASE_REMAINING_SECONDS,
                () -> seconds(status.get().stream()
                        .map(LaneStatus::remaining)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO)));
        gauge(
                NamespaceMetric.LEAD_SECONDS,
                () -> seconds(status.get().stream()
                        .map(LaneStatus::lead)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO)));
        for (int lane = 0; lane < lanes; lane++) {
            int index = lane;
            gauge(NamespaceMetric.NODE_ID.of(Integer.toString(lane), namespace), () -> nodeId(status.get(), index));
        }
    }

    /** Shows the state of recorded mode. */
    void watchRecorded(Supplier<RecordedStatus> status, Supplier<Long> ledgerRefusals) {
        gauge(
                NamespaceMetric.NODE_ID.of("0", namespace),
                () -> status.get().node().orElse(-1));
        gauge(NamespaceMetric.LEDGER_REFUSALS, ledgerRefusals::get);
    }

    /** Shows whether IDs can be issued. */
    void watchReadiness(Supplier<Readiness> readiness) {
        gauge(NamespaceMetric.READY, () -> readiness.get().ready() ? 1 : 0);
    }

    /** Shows how long the layout lasts. */
    void watchTimeLeft(IdLayout layout) {
        gauge(NamespaceMetric.YEARS_LEFT, () -> layout.timeLeft(Instant.now()).toSeconds() / SECONDS_PER_YEAR);
    }

    private static int nodeId(List<LaneStatus> lanes, int index) {
        return index < lanes.size() ? lanes.get(index).node().orElse(-1) : -1;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private <T> void gauge(NamespaceMetric metric, Gauge<T> gauge) {
        gauge(metric.of(namespace), gauge);
    }

    private <T> void gauge(String name, Gauge<T> gauge) {
        registry.gauge(name, () -> gauge);
    }

    private Counter counter(NamespaceMetric metric) {
        return registry.counter(metric.of(namespace));
    }

    private Counter counter(NamespaceMetric metric, String kind) {
        return registry.counter(metric.of(kind.toLowerCase(Locale.ROOT), namespace));
    }
}
