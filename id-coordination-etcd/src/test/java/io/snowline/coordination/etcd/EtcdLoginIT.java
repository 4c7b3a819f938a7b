package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.auth.Permission;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.testing.EtcdServer;
import io.snowline.testing.Troubles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logins and permissions, on a server whose authentication is on. */
@Timeout(60)
class EtcdLoginIT {

    private static final String PASSWORD = "pass:w@rd/1";

    private static EtcdServer server;

    @BeforeAll
    static void start() throws Exception {
        server = EtcdServer.start("--auth-token-ttl", "300");
        try (Client nobody = Client.builder().endpoints(server.endpoint()).build()) {
            Auth auth = nobody.getAuthClient();
            done(auth.userAdd(bytes("root"), bytes(PASSWORD)));
            done(auth.roleAdd(bytes("root")));
            done(auth.userGrantRole(bytes("root"), bytes("root")));
            done(auth.authEnable());
        }
        addUser("ids", "snowline");
        grant("snowline", Permission.Type.READWRITE);
        grantTraces("snowline", Permission.Type.READWRITE);
    }

    @Test
    void aPasswordThatChangesInItsFileIsUsedWithoutARestart(@TempDir Path directory) throws Exception {
        addUser("rotated", "rotated");
        asRoot(auth -> auth.userGrantRole(bytes("rotated"), bytes("snowline")));
        Path file = Files.writeString(directory.resolve("password"), PASSWORD);
        try (Coordination coordination = Coordination.open(factory -> {
            factory.setEndpoints(List.of(server.endpoint()));
            factory.setUsername("rotated");
            factory.setPasswordFile(file.toString());
        })) {
            coordination.create();
            asRoot(auth -> auth.userChangePassword(bytes("rotated"), bytes("another-secret")));
            assertThatThrownBy(coordination::read).hasMessageContaining("refused the login of user 'rotated'");

            Files.writeString(file, "another-secret");

            assertThat(coordination.readOnceRecovered(Duration.ofSeconds(5)).namespace())
                    .isPresent();
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void addUser(String user, String role) throws Exception {
        asRoot(auth -> auth.roleAdd(bytes(role)));
        asRoot(auth -> auth.userAdd(bytes(user), bytes(PASSWORD)));
        asRoot(auth -> auth.userGrantRole(bytes(user), bytes(role)));
    }

    private static void grant(String role, Permission.Type type) throws Exception {
        asRoot(auth -> auth.roleGrantPermission(bytes(role), bytes("/snowline/"), bytes("/snowline0"), type));
    }

    private static void grantTraces(String role, Permission.Type type) throws Exception {
        asRoot(auth -> auth.roleGrantPermission(
                bytes(role), bytes("/.snowline-trace/snowline/"), bytes("/.snowline-trace/snowline0"), type));
    }

    private static void asRoot(Function<Auth, CompletableFuture<?>> change) throws Exception {
        try (Client root = Client.builder()
                .endpoints(server.endpoint())
                .user(bytes("root"))
                .password(bytes(PASSWORD))
                .build()) {
            done(change.apply(root.getAuthClient()));
        }
    }

    private static void done(CompletableFuture<?> change) throws Exception {
        change.get(10, TimeUnit.SECONDS);
    }

    private static ByteSequence bytes(String text) {
        return EtcdServer.bytes(text);
    }

    @Test
    void thePermissionsOfTheDocumentationAreEnoughForEverything() throws IOException {
        try (Coordination coordination = open("ids", PASSWORD)) {
            assertThat(coordination.read().trace()).isEqualTo(Trace.NONE);
            Stored<NamespaceRecord> created = coordination.create();
            assertThat(coordination.read().trace())
                    .isEqualTo(Trace.leftBy(created.record().token()));
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
        assertThat(Files.readString(Path.of("..", "docs", "etcd.md")))
                .contains(
                        "role grant-permission snowline --prefix=true readwrite /snowline/\n",
                        "role grant-permission snowline --prefix=true readwrite /.snowline-trace/snowline/\n");
    }

    @Test
    void aWrongPasswordIsNamedAndNotShown() {
        try (Coordination coordination = open("ids", "guessed")) {
            assertUnavailable(coordination, "refused the login of user 'ids': etcdserver: authentication failed");
            assertThatThrownBy(coordination::read).message().doesNotContain("guessed");
        }
    }

    @Test
    void aMissingUserIsNamed() {
        try (Coordination coordination = open(null, null)) {
            assertUnavailable(coordination, "refused the login without user: etcdserver: user name is empty");
        }
    }

    @Test
    void aUserIsOfNoUseWhereAuthenticationIsOff() {
        try (EtcdServer free = EtcdServer.start();
                Coordination coordination = Coordination.open(factory -> {
                    factory.setEndpoints(List.of(free.endpoint()));
                    factory.setUsername("ids");
                    factory.setPassword(PASSWORD);
                })) {
            assertUnavailable(coordination, "authentication is not enabled");
        }
    }

    @Test
    void aMissingPermissionIsNamed() throws Exception {
        addUser("stranger", "nothing");
        try (Coordination coordination = open("stranger", PASSWORD)) {
            assertUnavailable(
                    coordination,
                    "refused user 'stranger': etcdserver: permission denied; it needs read and"
                            + " write on the keys below prefix");
        }
        addUser("reader", "reading");
        grant("reading", Permission.Type.READ);
        try (Coordination coordination = open("reader", PASSWORD)) {
            assertUnavailable(coordination, "refused user 'reader': etcdserver: permission denied");
        }
    }

    @Test
    void aPermissionThatIsRevokedStopsEveryStepUntilItIsBack() throws Exception {
        addUser("changing", "changing");
        grant("changing", Permission.Type.READWRITE);
        grantTraces("changing", Permission.Type.READWRITE);
        try (Warnings warnings = new Warnings();
                Coordination coordination = open("changing", PASSWORD)) {
            coordination.create();
            StoreView before = coordination.read();
            asRoot(auth -> auth.roleRevokePermission(bytes("changing"), bytes("/snowline/"), bytes("/snowline0")));
            assertUnavailable(coordination, "refused user 'changing': etcdserver: permission denied");
            assertThatThrownBy(() -> coordination.reserve(1, 10)).isInstanceOf(CoordinatorUnavailableException.class);
            grant("changing", Permission.Type.READWRITE);
            assertThat(coordination.read()).isEqualTo(before);
            assertThat(coordination.reserve(1, 20).applied()).isTrue();
            assertThat(warnings.messages).isEmpty();
        }
    }

    @Test
    void withoutPermissionForTheTracesAnAbsentNamespaceIsNotKnownToBeNewAndTheLogSaysWhyOnce() throws Exception {
        addUser("traceless", "traceless");
        grant("traceless", Permission.Type.READWRITE);
        try (Warnings warnings = new Warnings();
                Coordination coordination = open("traceless", PASSWORD)) {
            assertThat(coordination.read().trace()).isEqualTo(Trace.UNKNOWN);
            coordination.create();
            assertThat(coordination.reserve(1, 10).applied()).isTrue();
            assertThat(coordination.read().trace()).isEqualTo(Trace.UNKNOWN);
            assertThat(warnings.messages)
                    .singleElement()
                    .asString()
                    .startsWith(coordination.coordinator()
                            + " does not let this login read the keys that begin with '/.snowline-trace/snowline/': ")
                    .endsWith("--prefix=true readwrite /.snowline-trace/snowline/");

            grantTraces("traceless", Permission.Type.READWRITE);
            assertThat(coordination.read().trace()).isEqualTo(Trace.NONE);
            assertThat(warnings.messages).hasSize(1);
        }
    }

    @Test
    void aTraceThatCannotBeWrittenIsDoneWithoutAfterTheStepThatWasDenied() throws Exception {
        addUser("looking", "looking");
        grant("looking", Permission.Type.READWRITE);
        grantTraces("looking", Permission.Type.READ);
        try (Warnings warnings = new Warnings();
                Coordination coordination = open("looking", PASSWORD)) {
            assertThat(coordination.read().trace()).isEqualTo(Trace.NONE);
            assertUnavailable(
                    coordination,
                    "refused to write namespace '%s' and its trace, the key %s; read again to go on without traces"
                            .formatted(coordination.namespace(), coordination.traceKey()));
            assertThat(warnings.messages).isEmpty();

            assertThat(coordination.read().namespace()).isEmpty();
            assertThat(coordination.read().trace()).isEqualTo(Trace.UNKNOWN);
            coordination.create();
            assertThat(coordination.read().trace()).isEqualTo(Trace.UNKNOWN);
            assertThat(warnings.messages)
                    .singleElement()
                    .asString()
                    .contains(" does not let this login write the keys that begin with '/.snowline-trace/snowline/'");
        }
    }

    /** etcd's simple tokens are gone after a restart; callers must not notice. */
    @Test
    void aLoginThatIsOutdatedIsMadeAgainAtOnce() {
        try (Coordination coordination = open("ids", PASSWORD)) {
            coordination.create();
            server.kill();
            server.restart();
            assertThat(coordination.reserve(1, 10).applied()).isTrue();
        }
    }

    @Test
    void aChangeOfPermissionsElsewhereGoesUnnoticed() throws Exception {
        try (Coordination coordination = open("ids", PASSWORD)) {
            coordination.create();
            asRoot(auth -> auth.roleAdd(bytes("unrelated")));
            assertThat(coordination.reserve(1, 10).applied()).isTrue();
        }
    }

    /** The warnings about traces, from now on. */
    private static final class Warnings extends Handler implements AutoCloseable {

        private final Logger logger = Logger.getLogger(EtcdTraces.class.getName());
        final List<String> messages = new CopyOnWriteArrayList<>();

        Warnings() {
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord record) {
            messages.add(new SimpleFormatter().formatMessage(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }

    private static Coordination open(String user, String password) {
        return Coordination.open(factory -> {
            factory.setEndpoints(List.of(server.endpoint()));
            factory.setUsername(user);
            factory.setPassword(password);
        });
    }

    private static void assertUnavailable(Coordination coordination, String message) {
        assertThatThrownBy(coordination::create, message)
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(message)
                .satisfies(e -> new Troubles("etcd.md").requireTold(String.valueOf(e.getMessage())));
    }
}
