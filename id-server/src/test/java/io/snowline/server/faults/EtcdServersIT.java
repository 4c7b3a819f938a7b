package io.snowline.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.auth.Permission;
import io.snowline.server.testing.FaultTable;
import io.snowline.server.testing.ServerProcess;
import io.snowline.testing.EtcdCluster;
import io.snowline.testing.EtcdServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** etcd without a majority, with a truncated history, and without permission, under three servers that are drained. */
@Tag("faults")
@ExtendWith(FaultTable.class)
@Timeout(180)
class EtcdServersIT {

    private static final Duration RECOVERY = Duration.ofSeconds(5);
    private static final int SERVERS = 3;

    private static final ByteSequence ROOT = EtcdServer.bytes("root");
    private static final ByteSequence IDS = EtcdServer.bytes("ids");
    private static final ByteSequence PASSWORD = EtcdServer.bytes("secret");
    private static final ByteSequence KEYS = EtcdServer.bytes("/snowline/");
    private static final ByteSequence END = EtcdServer.bytes("/snowline0");

    @TempDir
    Path directory;

    private FaultRun start(String fault, String backend, String coordination, String ahead) {
        String yaml =
                """
                coordination: {type: etcd, %s}
                reservation: {ahead: %s, renewEvery: 500ms, takeoverGrace: 1s}
                generators: {default: {%s}}
                """
                        .formatted(coordination, ahead, FaultRun.layout(8));
        return FaultRun.of(fault, backend, directory).start(yaml, yaml, yaml);
    }

    private FaultRun onCluster(String fault, EtcdCluster cluster, String ahead) {
        return start(fault, "etcd, 3 members", at(cluster.endpoints()), ahead);
    }

    private static String at(List<String> endpoints) {
        return "endpoints: [\"" + String.join("\", \"", endpoints) + "\"]";
    }

    @Tag("long")
    @Test
    void aMajorityThatStopsForLessThanAheadIsNotNoticedByAnyCaller() {
        try (EtcdCluster cluster = EtcdCluster.start();
                FaultRun run = onCluster("majority stopped for less than ahead", cluster, "12s")) {
            Renewals renewals = Renewals.of(run, SERVERS);
            renewals.awaitSettled(Duration.ofSeconds(11));

            List<EtcdServer> two = majority(cluster);
            two.forEach(EtcdServer::kill);
            run.pass(Duration.ofSeconds(4));
            cluster.restart(two);

            renewals.awaitGranted(RECOVERY);
            run.awaitRecovery(RECOVERY);
            run.pass(Duration.ofSeconds(3));
            run.finish();
            renewals.assertMissed();
        }
    }

    @Tag("long")
    @Test
    void aMajorityThatStopsForLongerThanAheadIsRecoveredFrom() {
        try (EtcdCluster cluster = EtcdCluster.start();
                FaultRun run = onCluster("majority stopped for longer than ahead", cluster, "3s")) {
            Renewals renewals = Renewals.of(run, SERVERS);
            renewals.awaitSettled(Duration.ofSeconds(2));

            List<EtcdServer> two = majority(cluster);
            two.forEach(EtcdServer::kill);
            awaitRefusals(run);
            run.pass(Duration.ofSeconds(2));
            cluster.restart(two);

            run.awaitRecovery(RECOVERY);
            run.pass(Duration.ofSeconds(2));
            run.finish("coordinator unavailable");
            renewals.assertMissed();
        }
    }

    /** Returns two of three members, including the leader. */
    private static List<EtcdServer> majority(EtcdCluster cluster) {
        EtcdServer leader = cluster.leader();
        EtcdServer follower = cluster.members().stream()
                .filter(member -> member != leader)
                .findFirst()
                .orElseThrow();
        return List.of(leader, follower);
    }

    private static void awaitRefusals(FaultRun run) {
        for (int i = 0; i < SERVERS; i++) {
            int server = i;
            run.await("server %d to refuse".formatted(i), Duration.ofSeconds(15), () -> run.refusals(server) > 0);
        }
    }

    @Test
    void aSnapshotThatIsRestoredIsNoticedAndNobodyWaits() {
        restored("snapshot restored, same cluster id", EtcdServer::restartFrom, "its revision went back from ");
    }

    @Tag("long")
    @Test
    void aSnapshotThatIsRestoredAsAnotherClusterIsNoticedAndNobodyWaits() {
        restored(
                "snapshot restored, new cluster id",
                EtcdServer::restartAsAnotherClusterFrom,
                "its records come from cluster ");
    }

    /** One server is killed while etcd is down, and comes back to a history that it has never seen. */
    private void restored(String fault, BiConsumer<EtcdServer, Path> restore, String said) {
        try (EtcdServer etcd = EtcdServer.start();
                FaultRun run = start(fault, "etcd", at(List.of(etcd.endpoint())), "5s")) {
            Renewals renewals = Renewals.of(run, SERVERS);
            renewals.awaitSettled(Duration.ofSeconds(4));
            Path snapshot = etcd.snapshot();
            run.pass(Duration.ofSeconds(2));

            ServerProcess killed = run.server(SERVERS - 1);
            killed.kill();
            restore.accept(etcd, snapshot);
            renewals.without(killed).awaitGranted(RECOVERY);
            killed.restart();

            run.awaitRecovery(ServerProcess.STARTING);
            run.pass(Duration.ofSeconds(7)); // beyond the floor and every window that was held
            assertThat(run.refusals(0) + run.refusals(1))
                    .as("refusals of those that ran on")
                    .isZero();
            run.finish("can be issued safely now");
            assertThat(run.server(0).log() + run.server(1).log())
                    .contains(said)
                    .contains("is at incarnation 2, since the coordinator may have lost something");
        }
    }

    @Tag("long")
    @Test
    void aPermissionThatIsRevokedIsMissedAndUsedAgainOnceItIsBack() {
        try (EtcdServer etcd = EtcdServer.start()) {
            turnAuthenticationOn(etcd);
            String login = at(List.of(etcd.endpoint())) + ", username: ids, password: secret";
            try (FaultRun run = start("permission revoked", "etcd", login, "3s")) {
                Renewals renewals = Renewals.of(run, SERVERS);
                renewals.awaitSettled(Duration.ofSeconds(2));

                asRoot(etcd, auth -> auth.roleRevokePermission(IDS, KEYS, END));
                awaitRefusals(run);
                run.pass(Duration.ofSeconds(2));
                grant(etcd);

                run.awaitRecovery(RECOVERY);
                run.pass(Duration.ofSeconds(2));
                run.finish("coordinator unavailable");
                assertThat(run.server(0).log()).contains("refused user 'ids': etcdserver: permission denied");
            }
        }
    }

    private static void turnAuthenticationOn(EtcdServer etcd) {
        for (ByteSequence name : List.of(ROOT, IDS)) {
            etcd.ask(client -> client.getAuthClient().userAdd(name, PASSWORD));
            etcd.ask(client -> client.getAuthClient().roleAdd(name));
            etcd.ask(client -> client.getAuthClient().userGrantRole(name, name));
        }
        etcd.ask(client -> client.getAuthClient().authEnable());
        grant(etcd);
    }

    private static void grant(EtcdServer etcd) {
        asRoot(etcd, auth -> auth.roleGrantPermission(IDS, KEYS, END, Permission.Type.READWRITE));
    }

    private static void asRoot(EtcdServer etcd, Function<Auth, CompletableFuture<?>> change) {
        try (Client root = Client.builder()
                .endpoints(etcd.endpoint())
                .user(ROOT)
                .password(PASSWORD)
                .build()) {
            change.apply(root.getAuthClient()).get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
