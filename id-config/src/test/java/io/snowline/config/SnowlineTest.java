package io.snowline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.NamespaceMismatchException;
import io.snowline.coordination.support.RunningNamespaces;
import io.snowline.id.IdGenerator;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.NodeLine;
import io.snowline.id.Readiness;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.testing.Await;
import io.snowline.testing.LoggedWarnings;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SnowlineTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private Map<String, Object> local() {
        return Map.of("type", "local", "directory", directory.resolve("data"));
    }

    private Snowline open(String... namespaces) {
        Map<String, Object> generators = new LinkedHashMap<>();
        for (String namespace : namespaces) {
            generators.put(namespace, Map.of("maxWait", Duration.ofSeconds(10)));
        }
        return Snowline.open(Map.of("coordination", local(), "generators", generators));
    }

    private Snowline yaml(String yaml) throws Exception {
        return Snowline.open(Files.writeString(directory.resolve("snowline.yml"), yaml));
    }

    @Test
    void aMapHasTheBlocks() {
        Map<String, Object> settings = Map.of(
                "coordination", local(),
                "reservation", Map.of("ahead", "20s"),
                "generators",
                        Map.of(
                                "orders",
                                Map.of(
                                        "epoch", Instant.parse("2026-01-01T00:00:00Z"),
                                        "nodeIds", "7",
                                        "maxWait", Duration.ofSeconds(10))));
        try (Snowline snowline = Snowline.open(settings)) {
            IdGenerator orders = snowline.generator("orders");
            long id = orders.nextId();

            assertThat(orders).isInstanceOf(SnowflakeGenerator.class);
            assertThat(orders.layout().epoch()).isEqualTo("2026-01-01T00:00:00Z");
            assertThat(orders.layout().node(id)).isEqualTo(7);
            assertThat(snowline.settings().get("orders").maxWait()).isEqualTo(Duration.ofSeconds(10));
        }
    }

    @Test
    void aFileHasTheBlocksAndEnvironmentVariables() throws Exception {
        String yaml =
                """
                coordination: {type: local, directory: '${NO_SUCH_VARIABLE:-%s}'}
                generators:
                  orders: {maxWait: 10s}
                  invoices: {mode: recorded, maxWait: 10s}
                """
                        .formatted(directory.resolve("data"));
        try (Snowline snowline = yaml(yaml)) {
            assertThat(snowline.generators().keySet()).containsExactly("orders", "invoices");
            assertThat(snowline.generator("orders").nextId()).isPositive();
            assertThat(snowline.generator("invoices")).isInstanceOf(RecordedIdGenerator.class);
            assertThat(snowline.generator("invoices").nextId()).isPositive();
            assertThat(snowline.readiness().values()).allMatch(Readiness::ready);
            assertThat(snowline)
                    .hasToString("IDs of [orders, invoices] from local directory "
                            + directory.resolve("data").toAbsolutePath());
        }
    }

    @Test
    void aNamespaceThatIsNotThereIsRefusedWithThoseThatAre() {
        try (Snowline snowline = open("orders", "invoices")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> snowline.generator("order"))
                    .withMessage("namespace must be one of [orders, invoices], got 'order'");
        }
    }

    @Test
    void theEndGivesTheNodeIdsBack() {
        Snowline snowline = open("orders");
        IdGenerator orders = snowline.generator("orders");
        assertThat(orders.nextId()).isPositive();
        List<NodeLine> before = snowline.nodes();

        snowline.close();
        snowline.close(); // has no effect

        assertThat(before).extracting(NodeLine::state).containsExactly("held");
        assertThatThrownBy(orders::nextId).isInstanceOf(IdUnavailableException.class);
        try (Snowline other = open("invoices")) {
            assertThat(NodeLine.read(other.coordinator(), "orders", orders.layout()))
                    .extracting(NodeLine::state)
                    .containsExactly("free");
        }
    }

    @Test
    void anotherLayoutThanTheNamespacesIsRefusedWithBoth() throws Exception {
        try (Snowline snowline = open("orders")) {
            assertThat(snowline.generator("orders").nextId()).isPositive();
        }
        String yaml =
                """
                coordination: {type: local, directory: '%s'}
                generators: {orders: {layout: {nodeBits: 8, sequenceBits: 14}}}
                """
                        .formatted(directory.resolve("data"));

        assertThatThrownBy(() -> yaml(yaml))
                .isInstanceOf(NamespaceMismatchException.class)
                .hasMessageContaining("41/10/12@1ms")
                .hasMessageContaining("41/8/14@1ms");
    }

    @Test
    void aBackendThatIsAwayIsWaitedFor() throws Exception {
        Path records = directory.resolve("data").resolve("orders");
        Files.createDirectories(records.getParent());
        Files.writeString(records, "in the way");
        try (Snowline snowline = open("orders")) {
            assertThat(snowline.readiness().get("orders").ready()).isFalse();

            Files.delete(records);
            Await.until("IDs", SOON, () -> snowline.readiness().get("orders").ready());
            assertThat(snowline.generator("orders").nextId()).isPositive();
        }
    }

    @Test
    void aSecondGeneratorOfANamespaceIsWarnedAbout() {
        try (LoggedWarnings log = LoggedWarnings.from(RunningNamespaces.class);
                Snowline first = open("orders")) {
            assertThat(log.warnings()).isEmpty();
            try (Snowline second = open("orders", "invoices")) {
                assertThat(second.generators()).hasSize(2);
            }
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("Namespace 'orders' on " + first.coordinator()
                            + " has a generator in application 'Snowline@")
                    .contains("', and one in application 'Snowline@");
        }
        try (LoggedWarnings log = LoggedWarnings.from(RunningNamespaces.class);
                Snowline again = open("orders")) {
            assertThat(again.generators()).hasSize(1);
            assertThat(log.warnings()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "generators: {orders: {lane: 2}} | unknown key generators.orders.lane, did you mean generators.orders.lanes?",
                "generator: {} | unknown key generator, did you mean generators?",
                "generators: {orders: {maxBatch: 2}} | unknown key generators.orders.maxBatch",
                "coordination: {type: redis, ury: x} | unknown key coordination.ury, did you mean coordination.uri?",
                "coordination: {type: etcd} | coordination: type must be that of a coordinator on the class path, got 'etcd'; available: [local, redis]",
                "coordination: {type: redis, user: ids} | coordination.user is called coordination.username now",
                "generators: {orders: {lanes: many}} | generators.orders.lanes: must be of type int, but is not",
                "generators: {orders: {lanes: 1.5}} | generators.orders.lanes: must be of type int, but is not",
                "generators: {orders: {lanes: 0}} | generators.orders: lanes must be at least 1, got 0",
                "generators: {orders: {maxWait: soon}} | generators.orders.maxWait: must be a duration such as 500ms, 30s or 24h, got 'soon'",
                "generators: | generators: must name at least one namespace, got none; leave the key out for one named 'default'",
                "reservation: {guard: 0ms} | reservation: guard must be from 1 ms to 1 day, got PT0S",
                "coordination: {type: redis, uri: '${NO_SUCH_VARIABLE}'} | coordination.uri: environment variable NO_SUCH_VARIABLE must be defined or have a default, as in ${NO_SUCH_VARIABLE:-default}",
                "coordination: {type: redis, password: 0123} | coordination.password: must be a text, in quotes where YAML would take it for something else, got number",
                "[] | must be a mapping of keys to values",
            })
    void aWrongKeyOrValueIsToldWithItsPath(String yaml, String message) {
        assertThatThrownBy(() -> yaml(yaml))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessage("%s has an error:%n  * %s", directory.resolve("snowline.yml"), message);
    }

    @Test
    void aKeyGivenTwiceIsToldByItsPlace() {
        assertThatThrownBy(() -> yaml("generators:\n  orders: {lanes: 1}\n  orders: {lanes: 2}\n"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageEndingWith("line 3, column 9: Duplicate field 'orders'");
    }

    @Test
    void everyProblemIsToldAtOnce() {
        assertThatThrownBy(() -> Snowline.open(Map.of("generators", Map.of("a", Map.of("lanes", 0, "mode", "x")))))
                .isInstanceOfSatisfying(InvalidSettingsException.class, e -> assertThat(e.problems())
                        .hasSize(2))
                .hasMessageStartingWith("The configuration has the following errors:");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> Snowline.open(directory.resolve("none.yml")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none.yml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password: \"pa\"ss-s3cret\"",
                "password: pa: s3cret",
                "password: *s3cret",
                "password: !s3cret x",
                "password: {s3cret: s3cret}",
                "password: [s3cret]",
                "uri: 'redis://ids:s3cret'",
                "port: s3cret"
            })
    void noMessageShowsASecret(String line) {
        assertThatThrownBy(() -> yaml("coordination:\n  type: redis\n  " + line))
                .isInstanceOf(InvalidSettingsException.class)
                .satisfies(
                        failure -> assertThat(Throwables.getStackTrace(failure)).doesNotContain("s3cret"));
    }

    @Test
    void nothingOfAMapIsTakenForAVariable() {
        assertThatThrownBy(() -> Snowline.open(Map.of("generators", Map.of("orders", Map.of("epoch", "${HOME}")))))
                .hasMessageContaining("epoch must be an instant such as 2025-01-01T00:00:00Z, got '${HOME}'");
    }
}
