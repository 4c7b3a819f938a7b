package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.support.TlsSettings;
import io.snowline.testing.Await;
import io.snowline.testing.RedisServer;
import io.snowline.testing.Troubles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins, permissions and TLS. */
@Timeout(60)
class RedisSecurityIT {

    private static final String PASSWORD = "pass:w@rd/1";
    private static final String PERMISSIONS =
            RedisFailures.PERMISSIONS.substring(0, RedisFailures.PERMISSIONS.indexOf(" (and"));

    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        allow("ids", PERMISSIONS);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void allow(String user, String permissions) {
        server.command(Stream.concat(
                        Stream.of("ACL", "SETUSER", user, "reset", "on", ">" + PASSWORD, "-@all"),
                        Stream.of(permissions.split(" ")))
                .toArray(String[]::new));
    }

    @Test
    void thePermissionsOfTheDocumentationAreEnoughForEverything() throws IOException {
        server.command("ACL", "LOG", "RESET");
        try (Coordination coordination = Coordination.open(as("ids"))) {
            coordination.create();
            assertThat(coordination.reserve(1, 10).applied()).isTrue();
            IdLedger ledger =
                    coordination.coordinator().ledger(coordination.namespace()).orElseThrow();
            assertThat(ledger.record(new long[] {1}, Optional.of(Duration.ofHours(1))))
                    .isEmpty();
            assertThat(ledger.recordedAt(1)).isPresent();
            var lock = coordination.coordinator().lock(coordination.namespace(), "x");
            assertThat(lock.tryLock("me", Duration.ofSeconds(1)) && lock.unlock("me"))
                    .isTrue();
            assertThat(coordination.coordinator().advisories()).isEmpty();
        }
        assertThat(server.command("ACL", "LOG").toString()).isEqualTo("[]");
        assertThat(Files.readString(Path.of("..", "docs", "redis.md"))).contains(PERMISSIONS);
    }

    @Test
    void thePermissionsOfTheDocumentationAreEnoughToWaitForReplicas() {
        try (Coordination coordination = Coordination.open(as("ids").andThen(factory -> {
            factory.setWaitReplicas(1);
            factory.setWaitTimeout(Duration.ofMillis(10));
        }))) {
            assertUnavailable(coordination, "0 of the 1 replicas");
        }
    }

    @Test
    void aDatabaseNumberNeedsOnePermissionMore() {
        Consumer<RedisCoordinatorFactory> inDatabase = as("chooser").andThen(factory -> factory.setDatabase(3));
        allow("chooser", PERMISSIONS);
        try (Coordination coordination = Coordination.open(inDatabase)) {
            assertUnavailable(coordination, "+select");
        }
        allow("chooser", PERMISSIONS + " +select");
        try (Coordination coordination = Coordination.open(inDatabase)) {
            coordination.create();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"+info", "+time", "+hget", "+evalsha", "+hset", "~id_gen:*"})
    void aMissingPermissionIsNamed(String missing) {
        allow(
                "lacking",
                Stream.of(PERMISSIONS.split(" "))
                        .filter(permission -> !permission.equals(missing))
                        .collect(Collectors.joining(" ")));
        try (Coordination coordination = Coordination.open(as("lacking"))) {
            assertUnavailable(coordination, "it needs ~id_gen:* ~id_gen_lock:* +eval +evalsha +time +info");
        }
    }

    @Test
    void aWrongPasswordIsNamedAndNotShown() {
        try (Coordination coordination = Coordination.open(as("ids").andThen(f -> f.setPassword("guessed")))) {
            assertUnavailable(coordination, "refused the login: WRONGPASS");
            assertThatThrownBy(coordination::read).message().doesNotContain("guessed");
        }
    }

    @Test
    void aPasswordInAFileIsExchangedWithoutARestart(@TempDir Path directory) throws IOException {
        allow("rotated", PERMISSIONS);
        Path file = Files.writeString(directory.resolve("password"), PASSWORD);
        try (Coordination coordination = Coordination.open(f -> {
            f.setUri(server.uri());
            f.setUsername("rotated");
            f.setPasswordFile(file.toString());
        })) {
            coordination.create();

            server.command("ACL", "SETUSER", "rotated", "resetpass", ">another-one");
            server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            Files.writeString(file, "another-one\n");

            Await.until("a step with the new password", Duration.ofSeconds(10), () -> {
                try {
                    coordination.read();
                    return true;
                } catch (CoordinatorUnavailableException e) {
                    return false; // a connection that was killed is found out by using it
                }
            });
        }
    }

    @Test
    void aMissingPasswordIsNamed() {
        try (RedisServer closed = RedisServer.start("--requirepass", PASSWORD);
                Coordination without = Coordination.open(closed);
                Coordination with = Coordination.open(
                        factory -> factory.setUri("redis://:pass%3Aw%40rd%2F1@" + closed.address()))) {
            assertUnavailable(without, "wants a login: NOAUTH");
            with.create();
        }
    }

    @Test
    void tlsWorksWithATrustStoreAndRefusesWhatItDoesNotTrust(@TempDir Path directory) {
        Certificates certificates = Certificates.make(directory, "ip:127.0.0.1");
        try (RedisServer tls = certificates.startServer(false);
                Coordination trusting = Coordination.open(tls(tls).andThen(certificates::trust));
                Coordination distrusting = Coordination.open(tls(tls));
                Coordination plain = Coordination.open(tls)) {
            trusting.create();
            assertUnavailable(distrusting, "; its certificate is not trusted: set tls.ca or tls.trustStore");
            assertUnavailable(plain, "; if it speaks TLS only, say rediss:// or give a tls block");
        }
    }

    @Test
    void tlsRefusesACertificateOfAnotherHostUnlessToldOtherwise(@TempDir Path directory) {
        Certificates certificates = Certificates.make(directory, "dns:elsewhere.example.com");
        try (RedisServer tls = certificates.startServer(false);
                Coordination careful = Coordination.open(tls(tls).andThen(certificates::trust));
                Coordination careless = Coordination.open(tls(tls).andThen(f -> {
                    TlsSettings settings = certificates.trust();
                    settings.setVerifyHostname(false);
                    f.setTls(settings);
                }))) {
            assertUnavailable(
                    careful, "; its certificate has another name: let Sentinels or the Cluster announce host");
            careless.create();
        }
    }

    @Test
    void tlsCanShowACertificateOfItsOwn(@TempDir Path directory) {
        Certificates certificates = Certificates.make(directory, "ip:127.0.0.1");
        try (RedisServer tls = certificates.startServer(true);
                Coordination known = Coordination.open(tls(tls).andThen(certificates::trustAndShow));
                Coordination knownByPem = Coordination.open(tls(tls).andThen(certificates::trustAndShowPem));
                Coordination unknown = Coordination.open(tls(tls).andThen(certificates::trust))) {
            known.create();
            knownByPem.create();
            assertUnavailable(
                    unknown, "; if it wants a client certificate, set tls.certificate and tls.key, or tls.keyStore");
        }
    }

    @Test
    void aPlainServerIsNoServerForTls() {
        try (Coordination secure = Coordination.open(tls(server))) {
            assertUnavailable(secure, "; if it speaks no TLS, say redis:// or leave out tls");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EVAL", "INFO"})
    void aCommandThatIsSwitchedOffIsNamed(String command) {
        try (RedisServer without = RedisServer.start("--rename-command", command, "");
                Coordination coordination = Coordination.open(without)) {
            assertUnavailable(
                    coordination, "Redis at " + without.uri() + " lacks a command that Snowline's scripts need: ");
            assertUnavailable(coordination, "; EVAL, EVALSHA, INFO and TIME must not be renamed or off");
        }
    }

    private static Consumer<RedisCoordinatorFactory> tls(RedisServer server) {
        return factory -> factory.setUri("rediss://" + server.address());
    }

    private static Consumer<RedisCoordinatorFactory> as(String user) {
        return factory -> {
            factory.setUri(server.uri());
            factory.setUsername(user);
            factory.setPassword(PASSWORD);
        };
    }

    private static void assertUnavailable(Coordination coordination, String message) {
        assertThatThrownBy(coordination::create, message)
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(message)
                .satisfies(e -> new Troubles("redis.md").requireTold(String.valueOf(e.getMessage())));
    }
}
