package io.snowline.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.request.logging.LogbackAccessRequestLogFactory;
import io.snowline.config.NamespaceSettings;
import io.snowline.config.RecordedSettings;
import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.ReservationSettings;
import io.snowline.id.IdLayout;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.server.access.Token;
import io.snowline.server.access.TokenSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpCompliance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

    @Test
    void anEmptyMappingMeansOneLeasedNamespaceCalledDefault() throws Exception {
        SnowlineConfiguration configuration = Yaml.read("{}");

        assertThat(configuration.reservation()).isEqualTo(ReservationSettings.DEFAULT);
        assertThat(configuration.generators())
                .containsExactly(new GeneratorSettings(
                        new NamespaceSettings(
                                "default",
                                IssuingMode.LEASED,
                                new RecordedSettings(
                                        Optional.empty(), Optional.of(Duration.ofHours(24)), OptionalInt.empty()),
                                IdLayout.classic(IdLayout.DEFAULT_EPOCH),
                                1,
                                new NodeIdRange(0, 1023),
                                Duration.ofSeconds(1),
                                Duration.ofMillis(100),
                                OptionalLong.empty()),
                        10_000,
                        65_536,
                        Duration.ofSeconds(1),
                        TokenSettings.NONE));
    }

    @Test
    void everyKeyOfAGeneratorIsRead() throws Exception {
        SnowlineConfiguration configuration = Yaml.read(
                """
                generators:
                  orders:
                    mode: recorded
                    recorded: {ledger: false, keep: forever, node: 7}
                    epoch: 2024-01-01T00:00:00Z
                    layout: {timestampBits: 38, nodeBits: 7, sequenceBits: 8, tick: 10ms}
                    nodeIds: 5-100
                    maxLead: 2s
                    maxWait: 500ms
                    maxBatch: 77
                    maxRange: 1048576
                    rangeGoodFor: 1500ms
                    startAbove: 1234567
                    tokens: [billing: a-secret-of-its-own]
                """);

        assertThat(configuration.generators())
                .containsExactly(new GeneratorSettings(
                        new NamespaceSettings(
                                "orders",
                                IssuingMode.RECORDED,
                                new RecordedSettings(Optional.of(false), Optional.empty(), OptionalInt.of(7)),
                                IdLayout.javaScriptSafe(Instant.parse("2024-01-01T00:00:00Z")),
                                1,
                                new NodeIdRange(5, 100),
                                Duration.ofSeconds(2),
                                Duration.ofMillis(500),
                                OptionalLong.of(1_234_567)),
                        77,
                        1 << 20,
                        Duration.ofMillis(1_500),
                        new TokenSettings(List.of(Token.named("billing", "a-secret-of-its-own")), Optional.empty())));
    }

    @Test
    void theExampleOfTheDesignIsAccepted() throws Exception {
        SnowlineConfiguration configuration = Yaml.read(
                """
                coordination: {type: local, directory: ./id-data}
                reservation: {ahead: 30s, renewEvery: 3s, takeoverGrace: 10s, guard: 1s, maxClockSkew: 10s}
                generators:
                  default:
                    mode: leased
                    recorded: {ledger: true, keep: 24h, node: 0}
                    epoch: 2025-01-01T00:00:00Z
                    layout: {timestampBits: 41, nodeBits: 10, sequenceBits: 12, tick: 1ms}
                    lanes: 1
                    nodeIds: 0-1023
                    maxLead: 1s
                    maxWait: 100ms
                    maxBatch: 10000
                    maxRange: 65536
                    rangeGoodFor: 1s
                    tokens: []
                """);

        assertThat(configuration.generators()).hasSize(1);
        configuration.openCoordinator().close();
    }

    @Test
    void aNamespaceWithoutKeysHasTheDefaults() throws Exception {
        assertThat(Yaml.read("generators: {orders: }").generators())
                .singleElement()
                .extracting(GeneratorSettings::namespace)
                .isEqualTo("orders");
    }

    @Test
    void inRecordedModeTheNodeIdIsTheServersOwnUnlessOneIsNamed() throws Exception {
        assertThat(Yaml.read(
                                "generators: {a: {mode: recorded, nodeIds: 5-9}, b: {mode: recorded, recorded: {node: 7}}}")
                        .generators())
                .extracting(generator -> generator.common().recorded().node())
                .containsExactly(OptionalInt.empty(), OptionalInt.of(7));
    }

    @Test
    void aRequestWaitsAsLongAsInTheLibraryByDefault() throws Exception {
        assertThat(Yaml.read("generators: {orders: {mode: recorded}, parcels: {}, slow: {mode: recorded, maxWait: 2s}}")
                        .generators())
                .extracting(GeneratorSettings::maxWait)
                .containsExactly(
                        RecordedIdGenerator.DEFAULT_MAX_WAIT,
                        SnowflakeGenerator.DEFAULT_MAX_WAIT,
                        Duration.ofSeconds(2));
    }

    static Stream<Arguments> badConfigurations() {
        return Stream.of(
                bad(
                        "generators: {orders: {layout: {timestampBits: 42}}}",
                        "generators.orders.layout: timestampBits + nodeBits + sequenceBits must be at most 63, got 42 + 10 +"
                                + " 12 = 64"),
                bad(
                        "generators: {orders: {layout: {nodeBits: 0}}}",
                        "generators.orders.layout: nodeBits must be at least 1, got 0"),
                bad(
                        "generators: {orders: {layout: {tick: 0s}}}",
                        "generators.orders.layout: tick must be from 1 ms to 1 h, got PT0S"),
                bad(
                        "generators: {orders: {layout: {timestampBits: 30}}}",
                        "generators.orders.layout: must not have ended yet with epoch 2025-01-01T00:00:00Z, but ended at"
                                + " 2025-01-13T10:15:41.824Z"),
                bad(
                        "generators: {orders: {epoch: 2999-01-01T00:00:00Z}}",
                        "generators.orders: epoch must not be in the future, got 2999-01-01T00:00:00Z"),
                bad(
                        "generators: {orders: {epoch: yesterday}}",
                        "generators.orders: epoch must be an instant such as 2025-01-01T00:00:00Z, got 'yesterday'"),
                bad(
                        "generators: {orders: {nodeIds: 1000-1024}}",
                        "generators.orders: nodeIds must be a range within the layout's 0-1023, got '1000-1024'"),
                bad(
                        "generators: {orders: {nodeIds: 9-5}}",
                        "generators.orders: nodeIds must be a range within the layout's 0-1023, got '9-5'"),
                bad(
                        "generators: {orders: {nodeIds: all}}",
                        "generators.orders: nodeIds must be a range such as 0-1023, got 'all'"),
                bad(
                        "generators: {orders: {mode: turbo}}",
                        "generators.orders: mode must be leased or recorded, got 'turbo'"),
                bad("generators: {orders: {lanes: 0}}", "generators.orders: lanes must be at least 1, got 0"),
                bad(
                        "generators: {orders: {lanes: 3, nodeIds: 0-1}}",
                        "generators.orders: lanes must be at most the number of nodeIds, 2, got 3"),
                bad(
                        "generators: {orders: {lanes: 2, mode: recorded}}",
                        "generators.orders: lanes must be 1 in recorded mode, got 2"),
                bad(
                        "generators: {orders: {maxBatch: 0}}",
                        "generators.orders: maxBatch must be from 1 to 1000000, got 0"),
                bad(
                        "generators: {orders: {maxRange: 0}}",
                        "generators.orders: maxRange must be from 1 to 1048576, got 0"),
                bad(
                        "generators: {orders: {maxRange: 1048577}}",
                        "generators.orders: maxRange must be from 1 to 1048576, got 1048577"),
                bad(
                        "generators: {orders: {rangeGoodFor: 61m}}",
                        "generators.orders: rangeGoodFor must be from 1 ms to PT1H, got PT1H1M"),
                bad(
                        "generators: {orders: {startAbove: -1}}",
                        "generators.orders: startAbove must be an ID of the layout, 0 to 9223372036854775807, got -1"),
                bad(
                        "generators: {orders: {startAbove: 9007199254740992, layout: {timestampBits: 38, nodeBits: 7, sequenceBits: 8, tick: 10ms}}}",
                        "generators.orders: startAbove must be an ID of the layout, 0 to 9007199254740991, got 9007199254740992"),
                bad(
                        "generators: {orders: {startAbove: 9223372036854775807}}",
                        "generators.orders: startAbove must lie at most ahead, PT30S, in the future, got 9223372036854775807, above which IDs begin at 2094-09-07T15:47:35.552Z"),
                bad(
                        "generators: {orders: {maxWait: 0s}}",
                        "generators.orders: maxWait must be from 1 ms to PT10S, got PT0S"),
                bad(
                        "generators: {orders: {maxWait: PT9223372036854775807S}}",
                        "generators.orders: maxWait must be from 1 ms to PT10S, got PT2562047788015215H30M7S"),
                bad(
                        "generators: {orders: {maxLead: -PT9223372036854775807S}}",
                        "generators.orders.maxLead: must be a duration such as 500ms, 30s or 24h, got"
                                + " '-PT9223372036854775807S'"),
                bad(
                        "generators: {orders: {maxLead: PT-9223372036854775807S}}",
                        "generators.orders: maxLead must be from 1 ms to PT1H, got PT-2562047788015215H-30M-7S"),
                bad(
                        "generators: {orders: {maxLead: 0ms}}",
                        "generators.orders: maxLead must be from 1 ms to PT1H, got PT0S"),
                bad(
                        "generators: {orders: {maxLead: PT2562047788015215H}}", // more milliseconds than a long holds
                        "generators.orders: maxLead must be from 1 ms to PT1H, got PT2562047788015215H"),
                bad("coordination: {type: etcd, user: ids}", "coordination.user is called coordination.username now"),
                bad(
                        "coordination: {type: zookeeper, connectionTimeout: 3s}",
                        "coordination.connectionTimeout is called coordination.connectTimeout now"),
                bad(
                        "coordination: {type: redis, trustStore: trust.p12}",
                        "coordination.trustStore is called coordination.tls.trustStore now"),
                bad(
                        "coordination: {type: zookeeper, tls: true}",
                        "coordination.tls: tls must be a block, empty ({}) to trust what Java trusts, and left out for no"
                                + " TLS; got true"),
                bad(
                        "coordination: {type: redis, password: 0123}",
                        "coordination.password: must be a text, in quotes where YAML would take it for something else, got"
                                + " number"),
                bad(
                        "coordination: {type: redis, sentinel: {password: ~}}",
                        "coordination.sentinel.password: must be a text, in quotes where YAML would take it for something"
                                + " else, got null"),
                bad(
                        "server: {applicationConnectors: [{type: https, keyStorePassword: true}]}",
                        "server.applicationConnectors[0].keyStorePassword: must be a text, in quotes where YAML would take"
                                + " it for something else, got boolean"),
                bad(
                        "generators: {orders: {tokens: [a, 1e3]}}",
                        "generators.orders.tokens[1]: must be a text, in quotes where YAML would take it for something else,"
                                + " got number"),
                bad(
                        "generators: {orders: {tokens: }}",
                        "generators.orders.tokens: must be a text, in quotes where YAML would take it for something else,"
                                + " got null"),
                bad(
                        "generators: {orders: {tokens: ''}}",
                        "generators.orders.tokens: must be a text, in quotes where YAML would take it for something else,"
                                + " got an empty one"),
                bad(
                        "generators: {orders: {tokens: [billing: 0123]}}",
                        "generators.orders.tokens[0]: must be a text, in quotes where YAML would take it for something else,"
                                + " got number"),
                bad(
                        "generators: {orders: {tokens: [7-or-so]}}",
                        "generators.orders.tokens[0]: each must be 8 to 256 printable ASCII characters without blanks, got"
                                + " one of 7 that is not"),
                bad(
                        "generators: {orders: {tokens: ['sha256:abc']}}",
                        "generators.orders.tokens[0]: each hash must be sha256: and 64 hex digits, got one of 3 characters"),
                bad(
                        "generators: {orders: {tokens: ['two.words: eight-or-longer']}}",
                        "generators.orders.tokens[0]: a token's name must be 1 to 64 letters, digits, dashes and underscores;"
                                + " one is not"),
                bad(
                        "generators: {orders: {tokensFile: /no/such/file}}",
                        "generators.orders: tokensFile: the file must be a text file that this process may read, got"
                                + " '/no/such/file': NoSuchFileException"),
                bad(
                        "generators: {orders: {tokens: eight-or-longer, tokensFile: /no/such/file}}",
                        "generators.orders: only one of tokens and tokensFile must be set, got both"),
                bad(
                        "server: {applicationConnectors: [{type: https, tls: {ca: /no/such/file}}]}",
                        "server: tls.ca must be "),
                bad("limits: {connections: 0}", "limits: connections must be from 1 to 1000000000, got 0"),
                bad("limits: {headerTime: 10ms}", "limits: headerTime must be from PT1S to PT1H, got PT0.01S"),
                bad("limits: {idsPerDay: 0}", "limits: idsPerDay must be at least 1, got 0"),
                bad(
                        "generators: {orders: {maxBatch: '${NO_SUCH_VARIABLE}'}}",
                        "generators.orders.maxBatch: environment variable NO_SUCH_VARIABLE must be defined or have a"
                                + " default, as in ${NO_SUCH_VARIABLE:-default}"),
                bad(
                        "coordination: {type: redis, tls: {ca: ''}}",
                        "coordination.tls.ca: tls.ca must not be empty; leave it out if there is none"),
                bad(
                        "generators: {orders: {maxWait: soon}}",
                        "generators.orders.maxWait: must be a duration such as 500ms, 30s or 24h, got 'soon'"),
                bad(
                        "generators: {orders: {mode: recorded, recorded: {node: 7}, nodeIds: 0-5}}",
                        "generators.orders.recorded: node must be one of nodeIds 0-5, got 7"),
                bad(
                        "generators: {orders: {recorded: {keep: 0s}}}",
                        "generators.orders.recorded: keep must be from 1s to 36500d, or forever, got '0s'"),
                bad(
                        "generators: {orders: {recorded: {keep: 36501d}}}",
                        "generators.orders.recorded: keep must be from 1s to 36500d, or forever, got '36501d'"),
                bad(
                        "generators: {orders: {recorded: {keep: always}}}",
                        "generators.orders.recorded: keep must be a duration such as 500ms, 30s or 24h, got 'always', or"
                                + " forever"),
                bad(
                        "generators: {or/ders: {}}",
                        "generators.or/ders: namespace must be 1 to 64 letters, digits, '.', '_' or '-', starting with a"
                                + " letter or digit, got 'or/ders'"),
                bad(
                        "generators: {}",
                        "generators: must name at least one namespace, got none; leave the key out for one named 'default'"),
                bad(
                        "generators:",
                        "generators: must name at least one namespace, got none; leave the key out for one named 'default'"),
                bad(
                        "reservation: {ahead: 5s, renewEvery: 3s}",
                        "reservation: ahead must be at least twice renewEvery, got ahead PT5S and renewEvery PT3S"),
                bad("reservation: {renewEvery: 0s}", "reservation: renewEvery must be at least 1 ms, got PT0S"),
                bad("reservation: {guard: 0ms}", "reservation: guard must be from 1 ms to 1 day, got PT0S"),
                bad("reservation: {guard: 365d}", "reservation: guard must be from 1 ms to 1 day, got PT8760H"),
                bad(
                        "reservation: {guard: 301s}",
                        "reservation: guard must be at most 10 times ahead, got guard PT5M1S and ahead PT30S"),
                bad("reservation: {ahead: 25h}", "reservation: ahead must be from 1 ms to 1 day, got PT25H"),
                bad(
                        "reservation: {takeoverGrace: 2d}",
                        "reservation: takeoverGrace must be from 0 to 1 day, got PT48H"),
                bad(
                        "reservation: {maxClockSkew: PT9223372036854775807S}",
                        "reservation: maxClockSkew must be from 1 ms to 1 day, got PT2562047788015215H30M7S"),
                bad(
                        "reservation: {renewEvery: PT9223372036854775807S}",
                        "reservation: ahead must be at least twice renewEvery, got ahead PT30S and renewEvery"
                                + " PT2562047788015215H30M7S"),
                bad(
                        "reservation: {ahead: 30}",
                        "reservation.ahead: must be a duration such as 500ms, 30s or 24h, got '30'"),
                bad("coordination: {}", "coordination: type must be given; available: ["),
                bad(
                        "coordination: {type: carrier-pigeon}",
                        "coordination: type must be that of a coordinator on the class path, got 'carrier-pigeon'; available:"
                                + " ["),
                bad("coordination: local", "coordination: must be a block with a type; available: ["),
                bad(
                        "coordination: {type: local, directory: ''}",
                        "coordination.directory: directory must not be blank, got ''"),
                bad("[]", "must be a mapping of keys to values"));
    }

    private static Arguments bad(String yaml, String message) {
        return Arguments.of(yaml, message);
    }

    @ParameterizedTest
    @MethodSource("badConfigurations")
    void aBadSettingGivesOneMessageThatNamesItsPath(String yaml, String message) {
        assertThatThrownBy(() -> Yaml.read(yaml))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("config.yml has an error:")
                .satisfies(e -> assertThat(((ConfigurationException) e).getErrors())
                        .singleElement()
                        .asString()
                        .startsWith(message));
    }

    @Test
    void anUnknownKeyGetsASuggestion() {
        assertThatThrownBy(() -> Yaml.read("generators: {orders: {maxbatch: 5}}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Unrecognized field at: generators.orders.maxbatch")
                .hasMessageContaining("Did you mean?")
                .hasMessageContaining("- maxBatch");
    }

    @Test
    void anUnknownKeyOfACoordinatorGetsASuggestion() {
        assertThatThrownBy(() -> Yaml.read("coordination: {type: local, directorry: x}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Unrecognized field at: coordination.directorry")
                .hasMessageContaining("- directory");
    }

    @Test
    void aValueOfAnotherTypeIsToldWithItsPath() {
        assertThatThrownBy(() -> Yaml.read("generators: {orders: {lanes: many}}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("generators.orders.lanes");
        assertThatThrownBy(() -> Yaml.read("generators: {orders: {lanes: 1.5}}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("generators.orders.lanes");
    }

    @Test
    void aKeyGivenTwiceIsRefused() {
        assertThatThrownBy(() -> Yaml.read("generators:\n  orders: {lanes: 1}\n  orders: {lanes: 2}\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("orders");
    }

    @Test
    void everyBadSettingIsToldAtOnce() {
        assertThatThrownBy(() -> Yaml.read("generators: {a: {lanes: 0, maxBatch: 0}, b: {mode: x}}"))
                .isInstanceOfSatisfying(ConfigurationException.class, e -> assertThat(e.getErrors())
                        .hasSize(3));
    }

    @Test
    void aBadTokenIsNotRepeated() {
        assertThatThrownBy(() -> Yaml.read("generators: {orders: {tokens: ['top secret']}}"))
                .hasMessageContaining(
                        "generators.orders.tokens[0]: each must be 8 to 256 printable ASCII characters without blanks, got one of 10 that is not")
                .hasMessageNotContaining("top");
    }

    @Test
    void tokensAreNotInTheTextOfSettings() throws Exception {
        assertThat(Yaml.read("generators: {orders: {tokens: [hush-hush-hush-hush]}}")
                        .generators()
                        .toString())
                .doesNotContain("hush");
    }

    @Test
    void aDirectoryThatCannotBeOneIsToldWithItsPath(@TempDir Path temp) throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "");
        SnowlineConfiguration configuration =
                Yaml.read("coordination: {type: local, directory: '%s'}".formatted(file.resolve("data")));

        assertThatThrownBy(configuration::openCoordinator)
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageStartingWith("config.yml has an error:")
                .hasMessageContaining("coordination: directory must be inside a directory, got '" + file);
    }

    @Test
    void aLedgerIsRefusedWhereTheCoordinatorHasNone(@TempDir Path temp) throws Exception {
        SnowlineConfiguration configuration = Yaml.read(
                """
                coordination: {type: local, directory: '%s'}
                generators: {orders: {mode: recorded, recorded: {ledger: true}}}
                """
                        .formatted(temp));

        assertThatThrownBy(configuration::openCoordinator)
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("generators.orders.recorded: ledger must be false on local directory " + temp);
    }

    @Test
    void withoutACoordinationBlockTheEmbeddedCoordinatorIsUsed() throws Exception {
        try (NodeCoordinator coordinator = Yaml.read("{}").openCoordinator()) {
            assertThat(coordinator.scope()).isEqualTo(NodeCoordinator.Scope.MACHINE);
        }
    }

    @Test
    void namesThatEndLikeASecretAreNames() throws Exception {
        SnowlineConfiguration configuration =
                Yaml.read("{generators: {access-token: {}}, logging: {loggers: {a.Token: {level: INFO}}}}");
        assertThat(configuration.generators().get(0).namespace()).isEqualTo("access-token");
    }

    @Test
    void oneTokenNeedsNoList() throws Exception {
        assertThat(Yaml.read("generators: {orders: {tokens: eight-or-longer}}")
                        .generators()
                        .get(0)
                        .tokens())
                .hasToString("guarded by a token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password: \"pa\"ss-s3cret\"",
                "password: \"a\\qs3cret\"",
                "password: pa: s3cret",
                "password: *s3cret",
                "password: !s3cret x",
                "password: %s3cret",
                "password: @s3cret",
                "tokens: [s3cret",
                "tokens: {s3cret: s3cret}",
                "uri: 'redis://ids:s3cret'"
            })
    void noMessageShowsASecretOrItsLine(String line) {
        assertThatThrownBy(() -> Yaml.read("coordination:\n  type: redis\n  " + line))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("config.yml has an error")
                .satisfies(failure -> assertThat(org.assertj.core.util.Throwables.getStackTrace(failure))
                        .doesNotContain("s3cret"));
    }

    @Test
    void malformedYamlIsToldByItsPlace() {
        assertThatThrownBy(() -> Yaml.read("generators:\n  orders: {tokens: [a\n"))
                .hasMessageContaining(
                        "line 2, column 22: malformed YAML; a text with special characters must be in quotes");
    }

    @Test
    void theServerDefaultsFillInWhatTheYamlLeavesOpen() throws Exception {
        DefaultServerFactory server = server("server: {applicationConnectors: [{type: http, port: 1}]}");

        assertThat(((LogbackAccessRequestLogFactory) server.getRequestLogFactory()).isEnabled())
                .isFalse();
        assertThat(server.getGzipFilterFactory().isEnabled()).isFalse();
        assertThat(http(server.getApplicationConnectors().get(0)).getPort()).isEqualTo(1);
        assertThat(http(server.getApplicationConnectors().get(0)).getHttpCompliance())
                .isEqualTo(HttpCompliance.STRICT);
        assertThat(http(server.getAdminConnectors().get(0)).getBindHost()).isEqualTo("127.0.0.1");
    }

    @Test
    void whateverTheYamlSaysOfTheServerWins() throws Exception {
        DefaultServerFactory server = server(
                """
                server:
                  shutdownGracePeriod: 3s
                  gzip: {enabled: true}
                  requestLog: {appenders: [{type: console}]}
                  adminConnectors: [{type: http, port: 2, idleTimeout: 7s}]
                """);

        assertThat(server.getShutdownGracePeriod().toSeconds()).isEqualTo(3);
        assertThat(server.getGzipFilterFactory().isEnabled()).isTrue();
        assertThat(((LogbackAccessRequestLogFactory) server.getRequestLogFactory()).isEnabled())
                .isTrue();
        assertThat(http(server.getAdminConnectors().get(0)).getBindHost()).isNull();
        assertThat(http(server.getAdminConnectors().get(0)).getIdleTimeout().toSeconds())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"server: {type: simple} | 8080", "server: {type: simple, connector: {port: 3}} | 3"})
    void theSimpleServersConnectorHasTheDefaultsAsWell(String yaml, int port) throws Exception {
        HttpConnectorFactory connector =
                http(((SimpleServerFactory) Yaml.read(yaml).getServerFactory()).getConnector());

        assertThat(connector).isInstanceOf(HttpConnector.class);
        assertThat(connector.getPort()).isEqualTo(port);
        assertThat(connector.getHttpCompliance()).isEqualTo(HttpCompliance.STRICT);
    }

    @Test
    void connectorsAreThisProjectsOwn() throws Exception {
        DefaultServerFactory server = server(
                "server: {applicationConnectors: [{type: https, keyStorePath: k, keyStorePassword: p}, {type: http}]}");

        assertThat(server.getApplicationConnectors())
                .hasExactlyElementsOfTypes(HttpsConnector.class, HttpConnector.class);
    }

    private static DefaultServerFactory server(String yaml) throws Exception {
        return (DefaultServerFactory) Yaml.read(yaml).getServerFactory();
    }

    private static HttpConnectorFactory http(Object connector) {
        return (HttpConnectorFactory) connector;
    }
}
