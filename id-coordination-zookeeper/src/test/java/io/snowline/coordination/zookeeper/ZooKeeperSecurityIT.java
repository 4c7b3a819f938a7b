package io.snowline.coordination.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Trace;
import io.snowline.testing.LoggedWarnings;
import io.snowline.testing.Troubles;
import io.snowline.testing.ZooKeeperServer;
import io.snowline.testing.ZooKeeperShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins and permissions. */
@Timeout(60)
class ZooKeeperSecurityIT {

    private static final String USER = "ids";
    private static final String PASSWORD = "pass:w@rd/1";
    private static final int CREATE_READ_WRITE = Perms.CREATE | Perms.READ | Perms.WRITE;

    private static ZooKeeperServer server;
    private String chroot;

    @BeforeAll
    static void start() {
        server = ZooKeeperServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void makeChroot() {
        chroot = "/" + UUID.randomUUID();
        try (ZooKeeperShell shell = server.shell()) {
            shell.create(chroot, "");
        }
    }

    private Consumer<ZooKeeperCoordinatorFactory> as(String user, String password) {
        return nobody().andThen(factory -> {
            factory.setUsername(user);
            factory.setPassword(password);
        });
    }

    private Consumer<ZooKeeperCoordinatorFactory> nobody() {
        return factory -> factory.setConnectString(server.connectString() + chroot);
    }

    private static Id id() {
        try {
            return new Id("digest", DigestAuthenticationProvider.generateDigest(USER + ":" + PASSWORD));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void znodesThatAreMadeUnderALoginAreForItAlone() {
        try (Coordination coordination = Coordination.open(as(USER, PASSWORD));
                ZooKeeperShell owner = ZooKeeperShell.to(server.connectString(), USER, PASSWORD)) {
            useEverything(coordination);
            String root = chroot + coordination.znodes().record();
            for (String path : List.of(
                    chroot + Znodes.ROOT,
                    chroot + Znodes.CLOCK,
                    chroot + Znodes.TRACES,
                    chroot + coordination.znodes().trace(),
                    root,
                    root + "/nodes",
                    root + "/nodes/7",
                    root + "/locks",
                    root + "/locks/node-7")) {
                assertThat(owner.acl(path)).containsExactly(new ACL(Perms.ALL, id()));
            }
            assertThat(coordination.coordinator().advisories()).isEmpty();
        }
    }

    @Test
    void thePermissionsOfTheDocumentationAreEnoughForEverything() throws IOException {
        try (ZooKeeperShell operator = ZooKeeperShell.to(server.connectString(), USER, PASSWORD)) {
            for (String root : List.of(Znodes.ROOT, Znodes.TRACES)) {
                operator.create(chroot + root, "");
                operator.setAcl(chroot + root, List.of(new ACL(CREATE_READ_WRITE, id())));
            }
            operator.setAcl(chroot, List.of(new ACL(Perms.ADMIN, id())));
        }
        try (Coordination coordination = Coordination.open(as(USER, PASSWORD));
                ZooKeeperShell operator = ZooKeeperShell.to(server.connectString(), USER, PASSWORD)) {
            useEverything(coordination);
            String token =
                    coordination.read().namespace().orElseThrow().record().token();
            assertThat(coordination.read().trace()).isEqualTo(Trace.leftBy(token));
            narrow(operator, chroot + coordination.znodes().record());
            useEverything(coordination, 30);
            assertThat(coordination.coordinator().advisories()).isEmpty();
        }
        assertThat(Files.readString(Path.of("..", "docs", "zookeeper.md")))
                .contains("setAcl /ids/snowline auth::crw")
                .contains("setAcl /ids/snowline-traces auth::crw");
    }

    /** Removes the permissions that are not needed from a znode and from all znodes below it. */
    private static void narrow(ZooKeeperShell operator, String path) {
        for (String child : operator.children(path)) {
            narrow(operator, path + "/" + child);
        }
        operator.setAcl(path, List.of(new ACL(CREATE_READ_WRITE, id())));
    }

    @Test
    void withoutThePermissionToMakeTracesANamespaceCountsAsLostAndTheLogSaysWhyOnce() {
        try (ZooKeeperShell operator = ZooKeeperShell.to(server.connectString(), USER, PASSWORD);
                Coordination coordination = Coordination.open(as(USER, PASSWORD));
                LoggedWarnings logged = LoggedWarnings.from(Traces.class)) {
            operator.create(chroot + Znodes.ROOT, "");
            operator.setAcl(chroot + Znodes.ROOT, List.of(new ACL(Perms.ALL, id())));
            operator.setAcl(chroot, List.of(new ACL(Perms.ADMIN, id())));

            assertThat(coordination.read().trace()).isEqualTo(Trace.NONE);
            assertThat(create(coordination).applied()).isFalse();
            assertThat(coordination.read().trace()).isEqualTo(Trace.UNKNOWN);
            assertThat(coordination.read().namespace()).isEmpty();
            useEverything(coordination);
            assertThat(coordination.read().trace()).isEqualTo(Trace.UNKNOWN);
            assertThat(logged.warnings())
                    .containsExactly(
                            "no trace of namespace '%s' can be kept: ZooKeeper at %s%s refused access to /snowline-traces to user 'ids': it belongs to another user, or the password is not the one that it was made under (NOAUTH); needed are create, read and write on /snowline-traces and below. Until this process may and is started again, the namespace counts as lost, not as new, when it is not there"
                                    .formatted(coordination.namespace(), server.connectString(), chroot));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Perms.ADMIN, Perms.READ | Perms.ADMIN})
    void aTraceThatMayNotBeReadOrNotWrittenIsUnknown(int permissions) {
        try (ZooKeeperShell operator = ZooKeeperShell.to(server.connectString(), USER, PASSWORD);
                Coordination coordination = Coordination.open(as(USER, PASSWORD));
                LoggedWarnings logged = LoggedWarnings.from(Traces.class)) {
            String token = coordination.create().record().token();
            String trace = coordination.znodes().trace();
            operator.setAcl(chroot + trace, List.of(new ACL(permissions, id())));
            operator.delete(chroot + coordination.znodes().record());

            assertThat(create(coordination).applied()).isEqualTo(permissions == Perms.ADMIN);
            assertThat(coordination.read().trace()).isEqualTo(Trace.UNKNOWN);
            if (permissions != Perms.ADMIN) {
                assertThat(create(coordination).applied()).isTrue();
                assertThat(operator.read(chroot + trace)).isEqualTo(token);
            }
            assertThat(logged.warnings())
                    .singleElement()
                    .asString()
                    .contains(" refused access to " + trace + " to user 'ids'");
            operator.setAcl(chroot + Znodes.TRACES, List.of(new ACL(Perms.CREATE, id())));
            assertThat(coordination.coordinator().advisories()).isEmpty();
        }
    }

    private static Replaced create(Coordination coordination) {
        return coordination.replace(Replacement.ofNamespace(
                "",
                Optional.empty(),
                Coordination.record(0),
                Optional.empty(),
                coordination.read().trace()));
    }

    private static void useEverything(Coordination coordination) {
        coordination.create();
        useEverything(coordination, 10);
    }

    private static void useEverything(Coordination coordination, long end) {
        assertThat(coordination.reserve(7, end).applied()).isTrue();
        assertThat(coordination.reserve(7, end + 10).applied()).isTrue();
        var lock = coordination.coordinator().lock(coordination.namespace(), "node-7");
        assertThat(lock.tryLock("me", Duration.ofSeconds(10)) && lock.unlock("me"))
                .isTrue();
    }

    @Test
    void aWrongPasswordIsNamedAndNotShown() {
        String namespace = "orders";
        try (Coordination right = Coordination.open(namespace, as(USER, PASSWORD));
                Coordination wrong = Coordination.open(namespace, as(USER, "guessed"))) {
            right.create();
            assertUnavailable(
                    wrong,
                    "ZooKeeper at %s%s refused access to /snowline/.clock to user 'ids': it belongs to another user, or the password is not the one that it was made under (NOAUTH); needed are create, read and write on /snowline and below"
                            .formatted(server.connectString(), chroot));
            assertThatThrownBy(wrong::read).message().doesNotContain("guessed");
            assertThat(right.read().namespace()).isPresent();
        }
    }

    @Test
    void aMissingLoginIsNamed() {
        try (Coordination right = Coordination.open(as(USER, PASSWORD));
                Coordination without = Coordination.open(nobody())) {
            right.create();
            assertUnavailable(
                    without, "to no user: it belongs to a user; set username and password (NOAUTH); needed are create");
        }
    }

    @Test
    void aChrootThatMayNotBeWrittenToIsNamed() {
        try (ZooKeeperShell operator = ZooKeeperShell.to(server.connectString(), USER, PASSWORD)) {
            operator.setAcl(chroot, List.of(new ACL(Perms.READ, id())));
        }
        try (Coordination coordination = Coordination.open(as(USER, PASSWORD))) {
            assertUnavailable(coordination, "refused access to /snowline to user 'ids'");
        }
    }

    @Test
    void permissionsThatAreRevokedAndGivenBackAreNoticedWhileRunning() {
        try (Coordination coordination = Coordination.open(as(USER, PASSWORD));
                ZooKeeperShell operator = ZooKeeperShell.to(server.connectString(), USER, PASSWORD)) {
            coordination.create();
            StoreView before = coordination.reserve(7, 10).view();
            String node = coordination.znodes().node(7);
            List<ACL> acl = operator.acl(chroot + node);
            operator.setAcl(chroot + node, List.of(new ACL(Perms.READ | Perms.ADMIN, id())));

            assertThatThrownBy(() -> coordination.replace(Coordination.reservation(before, Coordination.node(7, 20))))
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageContaining("refused access to " + node);
            assertThat(coordination.read().node(7)).isEqualTo(before.node(7));
            operator.setAcl(chroot + node, List.of(new ACL(Perms.ADMIN, id())));
            assertUnavailable(coordination, "refused access to " + node);

            operator.setAcl(chroot + node, acl);
            assertThat(coordination
                            .replace(Coordination.reservation(before, Coordination.node(7, 20)))
                            .applied())
                    .isTrue();
        }
    }

    @Test
    void znodesThatAreOpenToEverybodyAreReported() {
        try (Coordination open = Coordination.open(nobody())) {
            assertThat(open.coordinator().advisories()).isEmpty();
            open.create();
            assertThat(open.coordinator().advisories())
                    .containsExactly(
                            "ZooKeeper at %s%s lets every client write and delete /snowline and /snowline-traces, which can cause duplicates; set username and password before the first start, or setAcl on what is there"
                                    .formatted(server.connectString(), chroot));
        }
        try (Coordination later = Coordination.open(as(USER, PASSWORD));
                ZooKeeperShell operator = server.shell()) {
            later.create();
            assertThat(later.coordinator().advisories())
                    .singleElement()
                    .asString()
                    .endsWith("it was made without a login; setAcl on it and on what is below");
            operator.setAcl(chroot + Znodes.ROOT, List.of(new ACL(Perms.READ, Ids.ANYONE_ID_UNSAFE)));
            assertThat(later.coordinator().advisories())
                    .singleElement()
                    .asString()
                    .contains("write and delete /snowline-traces, which");
            operator.setAcl(chroot + Znodes.TRACES, List.of(new ACL(Perms.READ, Ids.ANYONE_ID_UNSAFE)));
            assertThat(later.coordinator().advisories()).isEmpty();
        }
    }

    private static void assertUnavailable(Coordination coordination, String message) {
        assertThatThrownBy(coordination::read)
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(message)
                .satisfies(e -> new Troubles("zookeeper.md").requireTold(String.valueOf(e.getMessage())));
    }
}
