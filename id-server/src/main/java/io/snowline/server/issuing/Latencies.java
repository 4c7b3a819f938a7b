package io.snowline.server.issuing;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import io.snowline.coordination.LeaseListener;

/**
 * How long requests and renewals of all namespaces took, as histograms: unlike quantiles, those of several servers can be
 * added up.
 *
 * <p>Thread-safe.
 */
public final class Latencies {

    private static final double[] BOUNDS = {0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3};
    private static final double NANOS_PER_SECOND = 1e9;

    private final Histogram requests = histogram(
            "snowline_request_seconds", "How long it took to answer a request, until the answer was sent", "call");
    private final Histogram renewals =
            histogram("snowline_renewal_seconds", "How long the backend took to reserve or extend a window");

    /** Lets a registry show them. */
    public void register(PrometheusRegistry registry) {
        registry.register(requests);
        registry.register(renewals);
    }

    DistributionDataPoint requests(String namespace, String call) {
        return requests.labelValues(namespace, call);
    }

    /** Returns what takes down how long the renewals of a namespace took. */
    public LeaseListener renewals(String namespace) {
        DistributionDataPoint seconds = renewals.labelValues(namespace);
        return event -> {
            switch (event.kind()) {
                case ACQUIRED, RENEWED, RECOVERED ->
                    seconds.observe(seconds(event.took().toNanos()));
                default -> {}
            }
        };
    }

    static double seconds(long nanos) {
        return nanos / NANOS_PER_SECOND;
    }

    private static Histogram histogram(String name, String help, String... moreLabels) {
        String[] labels = new String[moreLabels.length + 1];
        labels[0] = "namespace";
        System.arraycopy(moreLabels, 0, labels, 1, moreLabels.length);
        Histogram.Builder builder = Histogram.builder()
                .name(name)
                .help(help)
                .unit(Unit.SECONDS)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(BOUNDS);
        builder.withoutExemplars();
        return builder.build();
    }
}
