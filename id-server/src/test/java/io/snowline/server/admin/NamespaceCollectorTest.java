package io.snowline.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NamespaceCollectorTest {

    private final MetricRegistry registry = new MetricRegistry();

    @Test
    void namespacesAreLabelsOfOneMetric() throws Exception {
        registry.counter("snowline.issued.orders").inc(5);
        registry.counter("snowline.issued.eu.invoices").inc(7);

        assertThat(text())
                .contains("snowline_issued_total{namespace=\"orders\"} 5.0")
                .contains("snowline_issued_total{namespace=\"eu.invoices\"} 7.0");
    }

    @Test
    void kindsAreLabelsToo() throws Exception {
        registry.counter("snowline.refused.no_free_node.refused.no_free_node").inc();
        registry.registerGauge("snowline.node_id.1.orders", () -> 17);
        registry.counter("snowline.answers.2xx.eu.invoices").inc(3);

        assertThat(text())
                .contains("snowline_refused_total{namespace=\"refused.no_free_node\",reason=\"no_free_node\"} 1.0")
                .contains("snowline_node_id{lane=\"1\",namespace=\"orders\"} 17.0")
                .contains("snowline_answers_total{namespace=\"eu.invoices\",status=\"2xx\"} 3.0");
    }

    @Test
    void whatOnlyGrowsIsACounterThoughDropwizardHasAGauge() throws Exception {
        registry.registerGauge("snowline.ledger_refusals.orders", () -> 2L);

        assertThat(text())
                .contains("# TYPE snowline_ledger_refusals_total counter")
                .contains("snowline_ledger_refusals_total{namespace=\"orders\"} 2.0");
    }

    @Test
    void eachHasAnExplanation() throws Exception {
        registry.counter("snowline.lost.orders").inc();

        assertThat(text()).contains("# HELP snowline_lost_total Node ids lost to another owner");
    }

    @Test
    void otherMetricsAreLeftOut() throws Exception {
        registry.registerGauge("jvm.threads", (Gauge<Integer>) () -> 1);
        registry.counter("snowline.melted.orders").inc();
        registry.counter("snowline.").inc();

        assertThat(text()).isEmpty();
    }

    private String text() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, new NamespaceCollector(registry).collect());
        return out.toString(StandardCharsets.UTF_8);
    }
}
