package io.snowline.server.issuing;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.snowline.dropwizard.NamespaceMetric;
import io.snowline.id.IdRange;
import io.snowline.id.IdUnavailableException;
import io.snowline.server.access.Limit;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;

/**
 * The metrics of the calls for IDs of one namespace: those of {@link #ALL} in Dropwizard's registry, what the bundle counts
 * of IDs, and latencies.
 *
 * <p>Thread-safe.
 */
public final class CallMetrics {

    private static final NamespaceMetric RANGES = NamespaceMetric.counter("ranges", "Ranges handed out");
    private static final NamespaceMetric ISSUED_TO =
            new NamespaceMetric("issued_to", true, "token", "IDs handed out to those who sent a token of that name");
    private static final NamespaceMetric ANSWERS =
            new NamespaceMetric("answers", true, "status", "Answers over HTTP, by the class of their status");
    private static final NamespaceMetric UNAUTHORIZED =
            NamespaceMetric.counter("unauthorized", "Requests without one of the namespace's tokens");
    private static final NamespaceMetric LIMITED =
            new NamespaceMetric("limited", true, "limit", "Requests refused because of a limit");

    /** All that only the server has. */
    public static final List<NamespaceMetric> ALL = List.of(RANGES, ISSUED_TO, ANSWERS, UNAUTHORIZED, LIMITED);

    private static final int STATUS_UNAUTHORIZED = 401;

    private final String namespace;
    private final MetricRegistry registry;
    private final Counter issued;
    private final Counter ranges;
    private final Counter succeeded;
    private final Counter clientErrors;
    private final Counter serverErrors;
    private final Counter unauthorized;
    private final Latencies latencies;

    CallMetrics(String namespace, MetricRegistry registry, Latencies latencies) {
        this.namespace = namespace;
        this.registry = registry;
        this.latencies = latencies;
        issued = registry.counter(NamespaceMetric.ISSUED.of(namespace));
        ranges = registry.counter(RANGES.of(namespace));
        succeeded = counter(ANSWERS, "2xx");
        clientErrors = counter(ANSWERS, "4xx");
        serverErrors = counter(ANSWERS, "5xx");
        unauthorized = registry.counter(UNAUTHORIZED.of(namespace));
        for (Limit limit : Limit.values()) {
            var unused = counter(LIMITED, limit.name()); // so that each is shown from the start
        }
    }

    private Counter counter(NamespaceMetric metric, String kind) {
        return registry.counter(metric.of(kind.toLowerCase(Locale.ROOT), namespace));
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
            registry.counter(ISSUED_TO.of(token, namespace)).inc(count);
        }
    }

    /** Counts a request that is refused because a bound is exceeded. */
    void limited(Limit limit) {
        counter(LIMITED, limit.name()).inc();
    }

    /** Counts an answer by its HTTP status. */
    void answered(int status) {
        if (status == STATUS_UNAUTHORIZED) {
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
        counter(NamespaceMetric.REFUSED, why.reason().name()).inc();
    }
}
