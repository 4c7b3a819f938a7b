package io.snowline.server.issuing;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.LeaseListener;
import io.snowline.id.IdLayout;
import io.snowline.id.IdRange;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.LaneStatus;
import io.snowline.id.RecordedStatus;
import io.snowline.server.access.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The metrics of one namespace. Their names are {@code snowline.<metric>.<namespace>}, where a metric that comes in kinds
 * carries the kind after its name: {@code snowline.refused.no_free_node.orders}.
 *
 * <table>
 * <caption>Metrics</caption>
 * <tr><th>metric</th><th>meaning</th></tr>
 * <tr><td>issued</td><td>IDs handed out, as such or in ranges</td></tr>
 * <tr><td>ranges</td><td>ranges handed out (leased mode)</td></tr>
 * <tr><td>answers.<i>status</i></td><td>answers over HTTP, by the class of their status</td></tr>
 * <tr><td>unauthorized</td><td>requests without one of the namespace's tokens</td></tr>
 * <tr><td>limited.<i>limit</i></td><td>requests that were refused because a bound is exceeded</td></tr>
 * <tr><td>issued_to.<i>token</i></td><td>IDs handed out to those who sent a token of that name</td></tr>
 * <tr><td>refused.<i>reason</i></td><td>requests that got no ID, by reason</td></tr>
 * <tr><td>renewals</td><td>windows reserved or extended</td></tr>
 * <tr><td>renewal_failures</td><td>calls to the coordinator that failed</td></tr>
 * <tr><td>keeper_failures</td><td>how often something unexpected was thrown in the code that renews windows; each is a
 *   defect, or a lack of memory</td></tr>
 * <tr><td>renewal_seconds</td><td>how long the coordinator's answers took</td></tr>
 * <tr><td>lost</td><td>node ids lost to another owner</td></tr>
 * <tr><td>floors_raised</td><td>how often the backend may have lost something, or could not tell that the namespace is
 *   new</td></tr>
 * <tr><td>ready</td><td>1 if IDs can be issued, else 0</td></tr>
 * <tr><td>lease_remaining_seconds</td><td>how long IDs can still be issued without the coordinator (leased
 *   mode)</td></tr>
 * <tr><td>lead_millis</td><td>how far the newest stamped tick is ahead of the wall clock (leased mode)</td></tr>
 * <tr><td>node_id.<i>lane</i></td><td>the node id held; -1 if there is none</td></tr>
 * <tr><td>years_left</td><td>how many years of timestamps the layout has left</td></tr>
 * <tr><td>ledger_refusals</td><td>IDs that the ledger had already; must stay 0 (recorded mode)</td></tr>
 * </table>
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
    private final Timer latency;

    NamespaceMetrics(String namespace, MetricRegistry registry) {
        this.namespace = namespace;
        this.registry = registry;
        issued = registry.counter(name("issued"));
        ranges = registry.counter(name("ranges"));
        succeeded = registry.counter(name("answers.2xx"));
        clientErrors = registry.counter(name("answers.4xx"));
        serverErrors = registry.counter(name("answers.5xx"));
        unauthorized = registry.counter(name("unauthorized"));
        renewals = registry.counter(name("renewals"));
        failures = registry.counter(name("renewal_failures"));
        keeperFailures = registry.counter(name("keeper_failures"));
        lost = registry.counter(name("lost"));
        floorsRaised = registry.counter(name("floors_raised"));
        latency = registry.timer(name("renewal_seconds"));
        for (IdUnavailableException.Reason reason : EnumSet.complementOf(OF_CLIENTS)) {
            var unused = refused(reason); // so that each is shown from the start
        }
        for (Limit limit : Limit.values()) {
            var unused = counter(limit);
        }
    }

    private Counter refused(IdUnavailableException.Reason reason) {
        return registry.counter(name("refused." + reason.name().toLowerCase(Locale.ROOT)));
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
            registry.counter(name("issued_to." + token)).inc(count);
        }
    }

    private Counter counter(Limit limit) {
        return registry.counter(name("limited." + limit.name().toLowerCase(Locale.ROOT)));
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

    /** Counts a request that is refused. */
    void refused(IdUnavailableException why) {
        refused(why.reason()).inc();
    }

    @Override
    public void onEvent(LeaseEvent event) {
        switch (event.kind()) {
            case ACQUIRED, RENEWED, RECOVERED -> {
                renewals.inc();
                latency.update(event.took());
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
                "lease_remaining_seconds",
                () -> seconds(status.get().stream()
                        .map(LaneStatus::remaining)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO)));
        gauge("lead_millis", () -> status.get().stream()
                .mapToLong(lane -> lane.lead().toMillis())
                .max()
                .orElse(0));
        for (int lane = 0; lane < lanes; lane++) {
            int index = lane;
            gauge("node_id." + lane, () -> nodeId(status.get(), index));
        }
    }

    /** Shows the state of recorded mode. */
    void watchRecorded(Supplier<RecordedStatus> status, Supplier<Long> ledgerRefusals) {
        gauge("node_id.0", () -> status.get().node().orElse(-1));
        gauge("ledger_refusals", ledgerRefusals::get);
    }

    /** Shows whether IDs can be issued. */
    void watchReadiness(Supplier<Readiness> readiness) {
        gauge("ready", () -> readiness.get().ready() ? 1 : 0);
    }

    /** Shows how long the layout lasts. */
    void watchTimeLeft(IdLayout layout) {
        gauge("years_left", () -> layout.timeLeft(Instant.now()).toSeconds() / SECONDS_PER_YEAR);
    }

    private static int nodeId(List<LaneStatus> lanes, int index) {
        return index < lanes.size() ? lanes.get(index).node().orElse(-1) : -1;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private <T> void gauge(String metric, Gauge<T> gauge) {
        registry.gauge(name(metric), () -> gauge);
    }

    private String name(String metric) {
        return "snowline." + metric + "." + namespace;
    }
}
