package io.snowline.server.admin;

import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.Servlet;

/** Makes the servlet that Prometheus scrapes. */
public final class Prometheus {

    private Prometheus() {}

    /** Returns a servlet that shows a registry's metrics: those of namespaces with labels, the rest as they are. */
    public static Servlet servlet(MetricRegistry registry) {
        PrometheusRegistry prometheus = new PrometheusRegistry();
        prometheus.register(new NamespaceCollector(registry));
        prometheus.register(
                new DropwizardExports(registry, (name, metric) -> !NamespaceCollector.OURS.matches(name, metric)));
        return new PrometheusMetricsServlet(prometheus);
    }
}
