package io.snowline.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.snowline.id.IdGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The metrics have the names of the server's. */
class MetersTest {

    private static final Path SERVERS = Path.of("..", "docs", "operations.md");

    /** What only a server has: answers, tokens, limits, ranges, connections, threads. */
    private static final Set<String> OF_HTTP = Set.of(
            "snowline_ranges_total",
            "snowline_issued_to_total",
            "snowline_answers_total",
            "snowline_unauthorized_total",
            "snowline_limited_total",
            "snowline_request_seconds",
            "snowline_connections",
            "snowline_connections_refused_total",
            "snowline_connections_too_slow_total",
            "snowline_threads",
            "snowline_jobs_waiting");

    private static final Pattern SERVERS_METRIC = Pattern.compile("(?m)^\\| `(snowline_[a-z_]+)");
    private static final Pattern OUR_METRIC = Pattern.compile("(?m)^(snowline_[a-z_]+?)(?:_bucket)?\\{");

    @TempDir
    Path directory;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private ApplicationContextRunner application(String... properties) {
        return new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(SnowlineAutoConfiguration.class, MetricsAutoConfiguration.class))
                .withBean(MeterRegistry.class, () -> registry)
                .withPropertyValues("snowline.coordination.directory=" + directory, "snowline.await-ready=30s")
                .withPropertyValues(properties);
    }

    private static Set<String> names(Pattern pattern, String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    @Test
    void theNamesAreThoseOfTheServersMetrics() throws IOException {
        Set<String> servers = names(SERVERS_METRIC, Files.readString(SERVERS));
        servers.removeAll(OF_HTTP);
        assertThat(servers).hasSizeGreaterThan(10);

        application("snowline.namespaces=orders", "snowline.generators.invoices.mode=recorded")
                .run(context -> {
                    context.getBean(MeterBinder.class).bindTo(registry);

                    assertThat(names(OUR_METRIC, registry.scrape())).containsAll(servers);
                });
    }

    @Test
    void idsAndRefusalsAreCounted() {
        application("snowline.namespaces=orders").run(context -> {
            context.getBean(MeterBinder.class).bindTo(registry);
            IdGenerator orders = context.getBean(IdGenerator.class);
            orders.nextId();
            orders.nextIds(new long[9]);
            assertThat(registry.scrape())
                    .contains("snowline_issued_total{namespace=\"orders\"} 10.0")
                    .contains("snowline_ready{namespace=\"orders\"} 1.0")
                    .containsPattern("snowline_node_id\\{lane=\"0\",namespace=\"orders\"} [0-9]+")
                    .containsPattern("snowline_renewals_total\\{namespace=\"orders\"} [1-9]")
                    .containsPattern("snowline_lease_remaining_seconds\\{namespace=\"orders\"} [1-9]");

            orders.close();
            assertThat(catchThrowable(orders::nextId)).isNotNull();

            assertThat(registry.scrape())
                    .contains("snowline_refused_total{namespace=\"orders\",reason=\"closed\"} 1.0")
                    .contains("snowline_ready{namespace=\"orders\"} 0.0");
        });
    }
}
