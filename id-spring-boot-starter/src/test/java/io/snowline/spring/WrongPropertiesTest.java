package io.snowline.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NamespaceMismatchException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/** Wrong properties end the start, with a message that says what to change. */
class WrongPropertiesTest {

    @TempDir
    Path directory;

    /** An application without any property but these. */
    private static ApplicationContextRunner bare(String... properties) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(SnowlineAutoConfiguration.class))
                .withPropertyValues(properties);
    }

    private ApplicationContextRunner application(String... properties) {
        return bare(properties).withPropertyValues("snowline.coordination.directory=" + directory);
    }

    private String refusal(String... properties) {
        return refusal(application(properties));
    }

    private static String refusal(ApplicationContextRunner application) {
        StringBuilder shown = new StringBuilder();
        application.run(context -> {
            assertThat(context).hasFailed();
            shown.append(analysis(context.getStartupFailure()).getDescription());
        });
        return shown.toString();
    }

    /** Explains a failure as Spring Boot does, with the analyzers that the jar announces. */
    private static FailureAnalysis analysis(Throwable failure) {
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, FailureHandler.handleMessage((message, ofOthers) -> {}))
                .stream()
                .filter(analyzer -> analyzer.getClass().getName().startsWith("io.snowline"))
                .map(analyzer -> analyzer.analyze(failure))
                .filter(analysis -> analysis != null)
                .findFirst()
                .orElseThrow(() -> new AssertionError("none of our analyzers explains it", failure));
    }

    @ParameterizedTest
    @CsvSource({
        "snowline.namespace=orders, snowline.namespaces",
        "snowline.cordination.type=local, snowline.coordination",
        "snowline.reservation.ahaed=30s, snowline.reservation.ahead",
        "snowline.generators.orders.lane=2, snowline.generators.orders.lanes",
        "snowline.generators.orders.layout.node-bit=10, snowline.generators.orders.layout.node-bits",
        "snowline.coordination.directori=here, snowline.coordination.directory",
        "snowline.coordination.tpye=redis, snowline.coordination.type",
        "snowline.client.server=here, snowline.client.servers"
    })
    void anUnknownKeyIsRefusedWithTheNearestKnownOne(String property, String meant) {
        String key = property.substring(0, property.indexOf('='));

        assertThat(refusal(property)).contains("unknown property " + key + ", did you mean " + meant + "?");
    }

    @Test
    void aKeyOfAnotherCoordinatorIsRefused() {
        assertThat(refusal("snowline.coordination.endpoints=http://127.0.0.1:2379"))
                .contains("unknown property snowline.coordination.endpoints");
    }

    @Test
    void anUnknownKeyOfABlockOfTheCoordinatorsIsRefusedAlike() {
        assertThat(refusal(bare("snowline.coordination.type=redis", "snowline.coordination.tls.trust-stor=a")))
                .contains("unknown property snowline.coordination.tls.trust-stor, did you mean"
                        + " snowline.coordination.tls.trust-store?");
    }

    @Test
    void noSecretIsShown() {
        String unknown = refusal("snowline.coordination.pasword=hush-hush");
        String refused = refusal(
                bare("snowline.coordination.type=redis", "snowline.coordination.uri=rediss//user:hush-hush@host"));

        assertThat(unknown).contains("snowline.coordination.pasword").doesNotContain("hush");
        assertThat(refused).contains("snowline.coordination: uri").doesNotContain("hush");
    }

    @Test
    void aTypeThatIsNotOnTheClassPathIsRefusedWithThoseThatAre() {
        assertThat(refusal("snowline.coordination.type=etcd"))
                .contains("snowline.coordination.type must be that of a coordinator on the class path, got 'etcd';"
                        + " available: [local, redis]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "snowline.generators.orders.lanes=many | snowline.generators.orders.lanes: must be of type int, got 'many'",
                "snowline.generators.orders.mode=fast | snowline.generators.orders: mode must be",
                "snowline.generators.orders.node-ids=all | snowline.generators.orders: nodeIds must be a range such as 0-1023, got 'all'",
                "snowline.generators.orders.layout.node-bits=40 | snowline.generators.orders: ",
                "snowline.reservation.ahead=1s | snowline.reservation: ahead must be at least twice renewEvery",
                "snowline.namespaces=a/b | snowline.namespaces: namespace must be 1 to 64 letters",
                "snowline.namespaces=a,a | snowline.namespaces must name each namespace once",
                "snowline.primary=other | snowline.primary must be one of the namespaces [default], got 'other'",
                "snowline.await-ready=-1s | snowline.await-ready must not be negative",
            })
    void aWrongValueIsRefusedWithItsKeyAndTheRule(String property, String message) {
        assertThat(refusal(property.strip())).contains(message);
    }

    @Test
    void recordedModeHasItsOwnRules() {
        assertThat(refusal("snowline.generators.orders.mode=recorded", "snowline.generators.orders.lanes=2"))
                .contains("lanes must be 1 in recorded mode");
        assertThat(refusal(
                        "snowline.generators.orders.mode=recorded", "snowline.generators.orders.recorded.keep=a while"))
                .contains("recorded.keep must be a duration such as 24h, or forever, got 'a while'");
        assertThat(refusal(
                        "snowline.generators.orders.mode=recorded", "snowline.generators.orders.recorded.ledger=true"))
                .contains("ledger must be false");
    }

    @Test
    void serversAndABackendExcludeEachOther() {
        assertThat(refusal("snowline.client.servers=http://127.0.0.1:1"))
                .contains("only one of snowline.client and snowline.coordination");
    }

    @Test
    void serversNeedTheClientOnTheClassPath() {
        ApplicationContextRunner application = bare("snowline.client.servers=http://127.0.0.1:1")
                .withClassLoader(new FilteredClassLoader("io.snowline.client"));

        assertThat(refusal(application)).contains("snowline.client.servers needs io.snowline:id-client");
    }

    @Test
    void aServerThatIsNoUriIsRefused() {
        assertThat(refusal(bare("snowline.client.servers=ftp://127.0.0.1:1")))
                .contains("snowline.client: a server must be an http or https URI");
    }

    @Test
    void aNamespaceThatWasFixedWithAnotherLayoutEndsTheStartWithBoth() {
        application("snowline.await-ready=30s")
                .run(context -> assertThat(context).hasNotFailed());

        application("snowline.generators.default.layout.sequence-bits=11").run(context -> {
            assertThat(context.getStartupFailure()).rootCause().isInstanceOf(NamespaceMismatchException.class);
            assertThat(analysis(context.getStartupFailure()).getDescription())
                    .contains("41/10/12@1ms")
                    .contains("41/10/11@1ms");
        });
    }
}
