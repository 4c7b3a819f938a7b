package io.snowline.dropwizard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheck;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationParsingException;
import io.dropwizard.configuration.ConfigurationValidationException;
import io.dropwizard.testing.DropwizardTestSupport;
import io.snowline.coordination.NamespaceMismatchException;
import io.snowline.id.IdGenerator;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.Readiness;
import io.snowline.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Dropwizard application with the bundle, on the local coordinator. */
@Timeout(120)
class SnowlineBundleTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private DropwizardTestSupport<Shop.Settings> start(String generators) throws Exception {
        return Shop.start(directory, block(generators));
    }

    private String block(String generators) {
        return """
                snowline:
                  coordination: {type: local, directory: '%s'}
                  generators: %s
                """
                .formatted(directory.resolve("data"), generators);
    }

    private static SnowlineBundle<Shop.Settings> ids(DropwizardTestSupport<Shop.Settings> shop) {
        return ((Shop) shop.getApplication()).ids;
    }

    private static HealthCheck.Result health(DropwizardTestSupport<Shop.Settings> shop, String name) {
        return shop.getEnvironment().healthChecks().runHealthCheck(name);
    }

    private static long counted(DropwizardTestSupport<Shop.Settings> shop, String name) {
        return shop.getEnvironment().metrics().counter(name).getCount();
    }

    @Test
    void theApplicationIssuesIdsAndOperatorsSeeIt() throws Exception {
        DropwizardTestSupport<Shop.Settings> shop = start("{orders: {maxWait: 10s}, invoices: {mode: recorded}}");
        try {
            String id = Shop.ask(shop.getLocalPort(), "/orders").body();
            int node = ids(shop).generator("orders").layout().node(Long.parseLong(id));
            Await.until(
                    "IDs", SOON, () -> ids(shop).readiness().values().stream().allMatch(Readiness::ready));

            JsonNode nodes = new ObjectMapper()
                    .readTree(Shop.ask(shop.getAdminPort(), "/nodes").body());
            assertThat(nodes.get(0).get("namespace").asText()).isEqualTo("orders");
            assertThat(nodes.get(0).get("node").asInt()).isEqualTo(node);
            assertThat(nodes.get(0).get("state").asText()).isEqualTo("held");
            assertThat(Shop.ask(shop.getAdminPort(), "/healthcheck").body())
                    .contains("\"lease-orders\":{\"healthy\":true,\"message\":\"node id " + node)
                    .contains("\"lease-invoices\":{\"healthy\":true")
                    .contains("\"coordinator\":{\"healthy\":true,\"message\":\"local directory");
            assertThat(counted(shop, "snowline.issued.orders")).isEqualTo(1);
            assertThat(counted(shop, "snowline.renewals.orders")).isPositive();
            assertThat(gauge(shop, "snowline.node_id.0.orders")).isEqualTo(node);
            assertThat(gauge(shop, "snowline.ready.invoices")).isEqualTo(1);
        } finally {
            shop.after();
        }
    }

    private static Object gauge(DropwizardTestSupport<Shop.Settings> shop, String name) {
        return shop.getEnvironment().metrics().getGauges().get(name).getValue();
    }

    @Test
    void everyMetricOfTheEnumerationIsThere() throws Exception {
        DropwizardTestSupport<Shop.Settings> shop = start("{orders: {lanes: 2}, invoices: {mode: recorded}}");
        try {
            MetricRegistry registry = shop.getEnvironment().metrics();
            Set<String> names = registry.getMetrics().keySet();
            for (NamespaceMetric metric : NamespaceMetric.ALL) {
                assertThat(names)
                        .as(metric.text())
                        .anyMatch(name -> name.startsWith("snowline." + metric.text() + "."));
            }
            assertThat(names).contains("snowline.node_id.1.orders", "snowline.refused.closed.invoices");
        } finally {
            shop.after();
        }
    }

    @Test
    void refusalsAreCountedAndBatchesAsWhatTheyAre() throws Exception {
        DropwizardTestSupport<Shop.Settings> shop = start("{orders: {maxWait: 10s}}");
        IdGenerator orders = ids(shop).generator("orders");
        orders.nextIds(new long[500]);
        assertThat(counted(shop, "snowline.issued.orders")).isEqualTo(500);

        shop.after();

        assertThatThrownBy(orders::nextId).isInstanceOf(IdUnavailableException.class);
        assertThatThrownBy(() -> orders.nextIds(new long[3])).isInstanceOf(IdUnavailableException.class);
        assertThat(counted(shop, "snowline.issued.orders")).isEqualTo(500);
        assertThat(counted(shop, "snowline.refused.closed.orders")).isEqualTo(2);
    }

    @Test
    void theApplicationStartsWithoutItsBackendAndHealthSaysSo() throws Exception {
        Path records = directory.resolve("data").resolve("orders");
        Files.createDirectories(records.getParent());
        Files.writeString(records, "in the way");
        DropwizardTestSupport<Shop.Settings> shop = start("{orders: {}}");
        try {
            assertThat(health(shop, "lease-orders").isHealthy()).isFalse();
            assertThat(health(shop, "lease-orders").getMessage()).startsWith("no ID can be issued: ");
            assertThat(health(shop, "coordinator").isHealthy()).isTrue();
            assertThat(Shop.ask(shop.getLocalPort(), "/orders").statusCode()).isEqualTo(500);
            assertThat(Shop.ask(shop.getAdminPort(), "/nodes").statusCode()).isEqualTo(503);
            assertThat(counted(shop, "snowline.refused.coordinator_unavailable.orders"))
                    .isEqualTo(1);

            Files.delete(records);
            Await.until("IDs", SOON, () -> health(shop, "lease-orders").isHealthy());
            assertThat(Shop.ask(shop.getLocalPort(), "/orders").statusCode()).isEqualTo(200);
        } finally {
            shop.after();
        }
    }

    @Test
    void anotherLayoutThanTheNamespacesEndsTheStartWithBoth() throws Exception {
        DropwizardTestSupport<Shop.Settings> shop = start("{orders: {maxWait: 10s}}");
        assertThat(ids(shop).generator("orders").nextId()).isPositive();
        shop.after();

        assertThatThrownBy(() -> start("{orders: {layout: {nodeBits: 8, sequenceBits: 14}}}"))
                .isInstanceOf(NamespaceMismatchException.class)
                .hasMessageContaining("41/10/12@1ms")
                .hasMessageContaining("41/8/14@1ms");
    }

    @Test
    void anUnknownKeyGetsDropwizardsSuggestion() {
        assertThatThrownBy(() -> start("{orders: {lane: 2}}"))
                .isInstanceOf(ConfigurationParsingException.class)
                .hasMessageContaining("Unrecognized field at: snowline.generators.orders.lane")
                .hasMessageContaining("Did you mean?")
                .hasMessageContaining("- lanes");
        assertThatThrownBy(() -> Shop.start(directory, "snowline: {coordination: {type: local, directorry: x}}"))
                .isInstanceOf(ConfigurationParsingException.class)
                .hasMessageContaining("Unrecognized field at: snowline.coordination.directorry")
                .hasMessageContaining("- directory");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{orders: {maxWait: soon}} | generators.orders.maxWait: must be a duration such as 500ms, 30s or 24h, got 'soon'",
                "{orders: {lanes: 1.5}} | snowline.generators.orders.lanes",
                "{orders: {}}, coordination: {type: redis, user: x}} | coordination.user is called coordination.username now",
            })
    void aValueThatIsNoneIsToldWithItsKey(String generators, String message) {
        String yaml = generators.contains("redis")
                ? "snowline: {generators: " + generators
                : "snowline: {generators: " + generators + "}";
        assertThatThrownBy(() -> Shop.start(directory, yaml))
                .isInstanceOf(ConfigurationParsingException.class)
                .hasMessageContaining(message);
    }

    @Test
    void everyWrongValueIsAViolation() {
        assertThatThrownBy(() -> start("{orders: {lanes: 0}, invoices: {mode: turbo}, parcels: {epoch: '${X}'}}"))
                .isInstanceOfSatisfying(ConfigurationValidationException.class, e -> assertThat(e.getErrors())
                        .hasSize(3))
                .hasMessageContaining("snowline generators.orders: lanes must be at least 1, got 0")
                .hasMessageContaining("generators.parcels: epoch must be an instant such as")
                .hasMessageContaining("got '${X}'");
    }

    @Test
    void noMessageShowsASecret() {
        assertThatThrownBy(() ->
                        Shop.start(directory, "snowline: {coordination: {type: redis, password: s3cret, ury: x}}"))
                .isInstanceOf(ConfigurationException.class)
                .satisfies(
                        failure -> assertThat(Throwables.getStackTrace(failure)).doesNotContain("s3cret"));
        assertThatThrownBy(() -> Shop.start(directory, "snowline: {coordination: {type: redis, password: 12345678}}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("coordination.password: must be a text, in quotes")
                .satisfies(
                        failure -> assertThat(Throwables.getStackTrace(failure)).doesNotContain("12345678"));
    }

    @Test
    void twoApplicationsWithOneNamespaceAreWarnedAboutWithBothNames(@TempDir Path other) throws Exception {
        DropwizardTestSupport<Shop.Settings> first = start("{orders: {}}");
        try {
            DropwizardTestSupport<Shop.Settings> second = Shop.start(other, block("{orders: {}}"));
            second.after();

            assertThat(Files.readString(Shop.log(other)))
                    .containsPattern("WARN .*Namespace 'orders' on local directory .* has a generator in application"
                            + " 'shop@[0-9a-f]+', and one in application 'shop@[0-9a-f]+' of the same JVM");
        } finally {
            first.after();
        }
    }

    @Test
    void generatorsAreThereFromTheRunOnAndBelongToNamespaces() throws Exception {
        SnowlineBundle<Shop.Settings> early = SnowlineBundle.of(Shop.Settings::getSnowline);
        assertThatIllegalStateException()
                .isThrownBy(() -> early.generator("orders"))
                .withMessageStartingWith("the bundle must have run");

        DropwizardTestSupport<Shop.Settings> shop = start("{orders: {}, invoices: {}}");
        try {
            assertThat(ids(shop).generators().keySet()).containsExactly("orders", "invoices");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ids(shop).generator("order"))
                    .withMessage("namespace must be one of [orders, invoices], got 'order'");
        } finally {
            shop.after();
        }
    }
}
