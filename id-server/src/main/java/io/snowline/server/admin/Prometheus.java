package io.snowline.server.admin;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.snowline.server.issuing.Latencies;
import jakarta.servlet.Servlet;
import java.util.function.DoubleConsumer;

/** Makes the servlet that Prometheus scrapes. */
public final class Prometheus {

    private Prometheus() {}

    /**
     * Returns a servlet that shows namespaces, connections, threads and the JVM.
     *
     * @param registry has the counters and gauges of namespaces, and what Jetty and the bounds of its connections count
     * @param latencies how long requests and renewals took
     */
    public static Servlet servlet(MetricRegistry registry, Latencies latencies) {
        PrometheusRegistry prometheus = new PrometheusRegistry();
        prometheus.register(new NamespaceCollector(registry));
        latencies.register(prometheus);
        prometheus.register(gauge(
                "snowline_connections",
                "Connections to the application port",
                registry,
                "io.snowline.server.connections"));
        prometheus.register(counter(
                "snowline_connections_refused",
                "Connections closed because their address had too many",
                registry,
                "io.snowline.server.connections-refused"));
        prometheus.register(counter(
                "snowline_connections_too_slow",
                "Connections closed because their request took too long",
                registry,
                "io.snowline.server.connections-too-slow"));
        prometheus.register(gauge(
                "snowline_threads",
                "Threads for requests that wait, such as in recorded mode",
                registry,
                "org.eclipse.jetty.util.thread.QueuedThreadPool.dw.size"));
        prometheus.register(gauge(
                "snowline_jobs_waiting",
                "What waits for one of these threads",
                registry,
                "org.eclipse.jetty.util.thread.QueuedThreadPool.dw.jobs"));
        JvmMetrics.builder().register(prometheus);
        return new PrometheusMetricsServlet(prometheus);
    }

    private static GaugeWithCallback gauge(String name, String help, MetricRegistry registry, String source) {
        return GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(shown -> read(registry, source, shown::call))
                .build();
    }

    private static CounterWithCallback counter(String name, String help, MetricRegistry registry, String source) {
        return CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(shown -> read(registry, source, shown::call))
                .build();
    }

    private static void read(MetricRegistry registry, String name, DoubleConsumer shown) {
        Gauge<?> gauge = registry.getGauges().get(name);
        if (gauge != null && gauge.getValue() instanceof Number value) {
            shown.accept(value.doubleValue());
        }
    }
}
