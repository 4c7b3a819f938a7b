package io.snowline.server.admin;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricFilter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Snapshot;
import com.codahale.metrics.Timer;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.util.Map;
import java.util.TreeMap;

/**
 * Exposes the metrics of namespaces to Prometheus, each under one name with the namespace as a label:
 * {@code snowline_issued_total{namespace="orders"}}.
 *
 * <p>Thread-safe.
 */
final class NamespaceCollector implements MultiCollector {

    private static final String PREFIX = "snowline.";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final Map<String, String> KINDS = Map.of(
            "refused", "reason", "node_id", "lane", "answers", "status", "limited", "limit", "issued_to", "token");

    /** Tells which metrics of a registry this collector shows. */
    static final MetricFilter OURS = MetricFilter.startsWith(PREFIX);

    private final MetricRegistry registry;

    NamespaceCollector(MetricRegistry registry) {
        this.registry = registry;
    }

    @Override
    public MetricSnapshots collect() {
        Map<String, CounterSnapshot.Builder> counters = new TreeMap<>();
        Map<String, GaugeSnapshot.Builder> gauges = new TreeMap<>();
        Map<String, SummarySnapshot.Builder> summaries = new TreeMap<>();
        registry.getCounters(OURS).forEach((fullName, counter) -> {
            Name name = Name.parse(fullName);
            counters.computeIfAbsent(
                            name.metric(), metric -> CounterSnapshot.builder().name(metric))
                    .dataPoint(point(name, counter));
        });
        registry.getGauges(OURS).forEach((fullName, gauge) -> {
            Name name = Name.parse(fullName);
            gauges.computeIfAbsent(
                            name.metric(), metric -> GaugeSnapshot.builder().name(metric))
                    .dataPoint(point(name, (Number) gauge.getValue()));
        });
        registry.getTimers(OURS).forEach((fullName, timer) -> {
            Name name = Name.parse(fullName);
            summaries
                    .computeIfAbsent(
                            name.metric(), metric -> SummarySnapshot.builder().name(metric))
                    .dataPoint(point(name, timer));
        });
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        counters.values().forEach(metric -> all.metricSnapshot(metric.build()));
        gauges.values().forEach(metric -> all.metricSnapshot(metric.build()));
        summaries.values().forEach(metric -> all.metricSnapshot(metric.build()));
        return all.build();
    }

    private static CounterSnapshot.CounterDataPointSnapshot point(Name name, Counter counter) {
        return CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(name.labels())
                .value((double) counter.getCount())
                .build();
    }

    private static GaugeSnapshot.GaugeDataPointSnapshot point(Name name, Number value) {
        return GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(name.labels())
                .value(value.doubleValue())
                .build();
    }

    private static SummarySnapshot.SummaryDataPointSnapshot point(Name name, Timer timer) {
        Snapshot snapshot = timer.getSnapshot();
        return SummarySnapshot.SummaryDataPointSnapshot.builder()
                .labels(name.labels())
                .count(timer.getCount())
                .quantiles(Quantiles.builder()
                        .quantile(0.5, snapshot.getMedian() / NANOS_PER_SECOND)
                        .quantile(0.99, snapshot.get99thPercentile() / NANOS_PER_SECOND)
                        .build())
                .build();
    }

    /** A metric's name and labels, read from {@code snowline.<metric>[.<kind>].<namespace>}. */
    private record Name(String metric, Labels labels) {

        static Name parse(String fullName) {
            String[] parts = fullName.substring(PREFIX.length()).split("\\.", 2);
            String metric = parts[0];
            String kindLabel = KINDS.get(metric);
            if (kindLabel == null) {
                return new Name("snowline_" + metric, Labels.of("namespace", parts[1]));
            }
            String[] rest = parts[1].split("\\.", 2);
            return new Name("snowline_" + metric, Labels.of("namespace", rest[1], kindLabel, rest[0]));
        }
    }
}
