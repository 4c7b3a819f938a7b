package io.snowline.server.admin;

import com.codahale.metrics.MetricFilter;
import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.snowline.dropwizard.NamespaceMetric;
import io.snowline.server.issuing.CallMetrics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Exposes the counters and gauges of namespaces to Prometheus, each under one name with the namespace as a label:
 * {@code snowline_issued_total{namespace="orders"}}.
 *
 * <p>Thread-safe.
 */
final class NamespaceCollector implements MultiCollector {

    private static final Map<String, NamespaceMetric> METRICS = Stream.of(NamespaceMetric.ALL, CallMetrics.ALL)
            .flatMap(List::stream)
            .collect(Collectors.toMap(NamespaceMetric::text, metric -> metric));

    private static final MetricFilter OURS = (name, metric) -> name.startsWith(NamespaceMetric.PREFIX)
            && METRICS.containsKey(
                    name.substring(NamespaceMetric.PREFIX.length()).split("\\.", 2)[0]);

    private final MetricRegistry registry;

    NamespaceCollector(MetricRegistry registry) {
        this.registry = registry;
    }

    @Override
    public MetricSnapshots collect() {
        Map<NamespaceMetric, Map<Labels, Double>> values = new HashMap<>();
        registry.getCounters(OURS).forEach((name, counter) -> put(values, name, counter.getCount()));
        registry.getGauges(OURS).forEach((name, gauge) -> put(values, name, (Number) gauge.getValue()));
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        values.forEach((metric, points) -> all.metricSnapshot(snapshot(metric, points)));
        return all.build();
    }

    /** Adds a value under what its name says: {@code snowline.<metric>[.<kind>].<namespace>}. */
    private static void put(Map<NamespaceMetric, Map<Labels, Double>> values, String name, Number value) {
        String[] parts = name.substring(NamespaceMetric.PREFIX.length()).split("\\.", 2);
        NamespaceMetric metric = Objects.requireNonNull(METRICS.get(parts[0]));
        values.computeIfAbsent(metric, unused -> new HashMap<>()).put(labels(metric, parts[1]), value.doubleValue());
    }

    private static Labels labels(NamespaceMetric metric, String rest) {
        if (metric.kind().isEmpty()) {
            return Labels.of("namespace", rest);
        }
        String[] parts = rest.split("\\.", 2);
        return Labels.of("namespace", parts[1], metric.kind(), parts[0]);
    }

    private static MetricSnapshot snapshot(NamespaceMetric metric, Map<Labels, Double> points) {
        String name = "snowline_" + metric.text();
        if (metric.counter()) {
            CounterSnapshot.Builder counter =
                    CounterSnapshot.builder().name(name).help(metric.help());
            points.forEach((labels, value) -> counter.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(labels)
                    .value(value)
                    .build()));
            return counter.build();
        }
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(metric.help());
        points.forEach((labels, value) -> gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(value)
                .build()));
        return gauge.build();
    }
}
