package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.snowline.id.IdLayout;
import io.snowline.server.testing.ServerProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands, inside this process; {@link CommandsIT} runs some from the real jar. */
class CommandsTest {

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("config.yml");
    }

    @Tag("T06")
    @Test
    void checkSaysThatAConfigurationIsGoodAndHowLongItsLayoutLasts() throws Exception {
        Result result = run("generators: {orders: {}}", "check", "config.yml");

        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("config.yml is OK").containsPattern("orders .* [0-9.]+ years left");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "server"})
    void aBadConfigurationEndsWithOneMessage(String command) throws Exception {
        Result result = run("generators: {orders: {layout: {timestampBits: 42}}}", command, "config.yml");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().strip())
                .isEqualTo(
                        "%s has an error:%n  * generators.orders.layout: timestampBits + nodeBits + sequenceBits must be at most 63, got 42 + 10 + 12 = 64"
                                .formatted(file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "coordination: {type: rediss} | coordination: type must be that of a coordinator on the class path,"
                        + " got 'rediss'; available: [",
                "coordination: {type: local, directory: CONFIG/data} | coordination: directory must be inside a"
                        + " directory",
                "coordination: {type: local, dir: x} | Did you mean?",
                "generators: {a: {maxBatch: \"${NO_SUCH_VARIABLE}\"}} | NO_SUCH_VARIABLE",
                "generators: [ | malformed YAML",
                "{coordination: {type: zookeeper}, generators: {a: {mode: recorded, recorded: {ledger: true}}}} |"
                        + " generators.a.recorded: ledger must be false on ZooKeeper at 127.0.0.1:2181, which keeps no"
                        + " record per ID (the node id's mark alone refuses"
            })
    void everyKindOfFaultHasAMessageWithoutAStackTrace(String yaml, String message) throws Exception {
        for (String command : new String[] {"check", "server"}) {
            Result result = run(yaml.replace("CONFIG", file.toString()), command, "config.yml");

            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err()).contains(message).contains("config.yml").doesNotContain("\tat ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "redis", "zookeeper", "etcd"})
    void checkAsksNoBackend(String type) throws Exception {
        Result result = run("coordination: {type: %s}".formatted(type), "check", "config.yml");

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).contains("config.yml is OK");
    }

    @Test
    void aMissingFileIsNamed() throws Exception {
        Result result = Commands.run("server", "nowhere.yml");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err().strip()).isEqualTo("File nowhere.yml not found");
    }

    @Test
    void decodeShowsWhatAnIdSays() throws Exception {
        assertThat(run("", "decode", "250546550301442048").out().strip())
                .isEqualTo(
                        "{\"id\":\"250546550301442048\",\"timestamp\":\"2026-11-23T09:02:32.521Z\",\"node\":684,\"sequence\":0}");
    }

    @Test
    void decodeKnowsFormatsAndNamespaces() throws Exception {
        Result result = run(
                "generators: {a: {}, b: {epoch: 2024-01-01T00:00:00Z}}",
                "decode",
                "--format",
                "hex",
                "--namespace",
                "b",
                "0000000000400000",
                "config.yml");

        assertThat(result.out().strip())
                .isEqualTo(
                        "{\"id\":\"0000000000400000\",\"timestamp\":\"2024-01-01T00:00:00.001Z\",\"node\":0,\"sequence\":0}");
    }

    @Test
    void decodeReadsIdsOfOtherSystems() throws Exception {
        Result result = Commands.run(
                "decode", "--layout", "28/22/13", "--tick", "1s", "--epoch", "2016-05-20T00:00:00Z", "34359738369");

        assertThat(result.out().strip())
                .isEqualTo(
                        "{\"id\":\"34359738369\",\"timestamp\":\"2016-05-20T00:00:01.000Z\",\"node\":0,\"sequence\":1}");
    }

    @Test
    void timesShowsTheIdsOfAStretchOfTime() throws Exception {
        String yaml = "generators: {a: {}, b: {epoch: 2024-01-01T00:00:00Z}}";

        assertThat(run(yaml, "times", "2026-11-23T08:00:00Z", "2026-11-23T08:00:00.001Z", "config.yml")
                        .out()
                        .strip())
                .isEqualTo("{\"smallest\":\"250530811084800000\",\"largest\":\"250530811093188607\"}");
        assertThat(run(yaml, "times", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "config.yml", "--namespace", "b")
                        .out()
                        .strip())
                .isEqualTo("{\"smallest\":\"0\",\"largest\":\"4194303\"}");
        assertThat(Commands.run(
                                "times",
                                "1970-01-01T00:00:01Z",
                                "1970-01-01T00:00:02.5Z",
                                "--epoch",
                                "0",
                                "--tick",
                                "1s")
                        .out()
                        .strip())
                .isEqualTo("{\"smallest\":\"4194304\",\"largest\":\"12582911\"}");
    }

    @Test
    void relayoutProvesThatEachNewIdIsLargerAndWritesTheYaml() throws Exception {
        String yaml = "generators: {orders: {}}";
        long largest = IdLayout.classic(IdLayout.DEFAULT_EPOCH).largestId(Instant.parse("2026-11-23T08:00:00Z"));

        Result result = run(
                yaml,
                "relayout",
                String.valueOf(largest),
                "config.yml",
                "--layout",
                "42/10/11",
                "--epoch",
                "2020-01-01T00:00:00Z");

        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .isEqualTo(
                        """
                        # The largest ID so far is of 2026-11-23T08:00:00Z.
                        # In the new layout IDs above it begin at 2023-10-14T16:00:00.002Z, so each new one is larger.
                        # Stop every process of 'orders' before the first of 'orders-2' starts.
                        generators:
                          orders-2:
                            layout: {timestampBits: 42, nodeBits: 10, sequenceBits: 11, tick: 1ms}
                            epoch: 2020-01-01T00:00:00Z
                            startAbove: 250530811088994303
                        """);
        assertThat(run(result.out(), "check", "config.yml").status())
                .as("the server takes what it wrote")
                .isZero();
    }

    @Test
    void relayoutShowsAnIdThatBothLayoutsWouldHave() throws Exception {
        Result result = run(
                "generators: {orders: {}}",
                "relayout",
                "250530811088994303",
                "config.yml",
                "--epoch",
                "2026-01-01T00:00:00Z");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("every new ID must be larger than those before, but in the new layout they begin below.")
                .containsPattern(
                        "in the old layout, 41/10/12@1ms from 2025-01-01T00:00:00Z: 2025-[0-9TZ:.-]+, node id 0")
                .containsPattern("in the new layout, 41/10/12@1ms from 2026-01-01T00:00:00Z: 20[0-9TZ:.-]+, node id 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "relayout | too few arguments",
                "relayout 5 | --layout, --tick or --epoch must differ from those of 'default', got the same",
                "relayout 5 --layout 42/10/11 --as default | --as must be another name than 'default'",
                "relayout -5 --layout 42/10/11 | id must be from 0 to",
                "relayout 250530811088994303 --layout 37/8/8 | every ID must be larger than 250530811088994303, but the largest",
                "times | too few arguments",
                "times yesterday today | from must be an instant such as 2026-11-23T08:00:00Z, got 'yesterday'",
                "times 2026-11-23T08:00:00Z 2026-11-23T07:00:00Z | to must not be before from",
                "times 2026-11-23T08:00:00Z 2026-11-23T09:00:00Z --layout 41/10 | --layout must be three numbers of bits",
                "decode 5 --layout 42/10/12 | --layout, --tick and --epoch do not fit",
                "decode 5 --tick soon | --tick must be a duration such as 1ms or 1s, got 'soon'",
                "decode 5 --epoch then | --epoch must be an instant such as 2026-11-23T08:00:00Z, got 'then'",
                "decode abc | decimal ID must be",
                "decode 9223372036854775808 | decimal ID must be at most",
                "decode --format roman 5 | format must be one of",
                "decode --namespace missing 5 | --namespace must be one of [default], got 'missing'",
                "decode | too few arguments",
                "fly | invalid choice"
            })
    void aWrongCommandLineIsToldWithoutAStackTrace(String line, String message) throws Exception {
        Result result = Commands.run(line.split(" "));

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains(message).doesNotContain("\tat ");
    }

    @Test
    void createMakesEveryNamespaceOnceAndSaysWhatIsStatedByIt() throws Exception {
        String yaml =
                """
                coordination: {type: local, directory: '%s'}
                reservation: {ahead: 20s, guard: 1500ms}
                generators: {orders: {}, invoices: {mode: recorded}}
                """
                        .formatted(directory.resolve("data"));
        Result made = run(yaml, "create", "config.yml");

        assertThat(made.status()).as(made.err()).isZero();
        assertThat(made.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("orders (leased, 41/10/12@1ms")
                                .contains("local directory")
                                .endsWith("no process has issued IDs of namespace 'orders' within ahead + guard"
                                        + " (21.5 s)"),
                        line -> assertThat(line)
                                .contains("invoices (recorded")
                                .contains("issued IDs of namespace 'invoices'"));
        Path records = directory.resolve("data/orders/records.txt");
        String written = Files.readString(records);

        Result again = run(yaml, "create", "config.yml");

        assertThat(again.status()).isEqualTo(1);
        assertThat(again.out()).isEmpty();
        assertThat(again.err().lines())
                .singleElement(STRING)
                .contains("namespace 'orders' exists")
                .contains("--namespace");
        assertThat(records).hasContent(written);
    }

    @Test
    void createMakesTheNamespaceThatIsNamedAloneOrNoneIfOneExists() throws Exception {
        String yaml = "{coordination: {type: local, directory: '%s'}, generators: {orders: {}, invoices: {}}}"
                .formatted(directory.resolve("data"));
        assertThat(run(yaml, "create", "config.yml", "--namespace", "invoices").status())
                .isZero();
        assertThat(directory.resolve("data/invoices")).exists();
        assertThat(directory.resolve("data/orders")).doesNotExist();

        Result refused = run(yaml, "create", "config.yml");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("namespace 'invoices' exists");
        assertThat(directory.resolve("data/orders")).doesNotExist();
    }

    @Test
    void createSaysThatTheCoordinatorIsAway() throws Exception {
        Result result = run("coordination: {type: redis, uri: 'redis://127.0.0.1:1'}", "create", "config.yml");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("127.0.0.1:1").doesNotContain("\tat ");
    }

    @Test
    void nodesSaysThatTheCoordinatorIsAway() throws Exception {
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data").resolve("default"), "in the way");
        Result result = run(
                "coordination: {type: local, directory: '%s'}".formatted(directory.resolve("data")),
                "nodes",
                "config.yml");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("cannot be used").doesNotContain("\tat ");
    }

    /** Runs a command; {@code config.yml} stands for a file with this YAML. */
    private Result run(String yaml, String... command) throws Exception {
        Files.writeString(file, yaml);
        return Commands.run(Stream.of(command)
                .map(word -> word.equals("config.yml") ? file.toString() : word)
                .toArray(String[]::new));
    }
}
