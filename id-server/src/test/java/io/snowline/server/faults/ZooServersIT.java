package io.snowline.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.FaultTable;
import io.snowline.testing.ZooKeeperEnsemble;
import io.snowline.testing.ZooKeeperServer;
import io.snowline.testing.ZooKeeperShell;
import io.snowline.testing.ZooKeeperWire;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.curator.test.InstanceSpec;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** ZooKeeper without a majority, without a session and without permission, under three servers that are drained. */
@Tag("faults")
@ExtendWith(FaultTable.class)
@Timeout(180)
class ZooServersIT {

    private static final Duration RECOVERY = Duration.ofSeconds(5);
    private static final Duration ELECTION = Duration.ofSeconds(20);
    private static final int SERVERS = 3;

    @TempDir
    Path directory;

    private FaultRun start(String fault, String backend, String coordination, String ahead) {
        String yaml =
                """
                coordination: {type: zookeeper, %s}
                reservation: {ahead: %s, renewEvery: 500ms, takeoverGrace: 1s}
                generators: {default: {%s}}
                """
                        .formatted(coordination, ahead, FaultRun.layout(8));
        return FaultRun.of(fault, backend, directory).start(yaml, yaml, yaml);
    }

    private FaultRun onEnsemble(String fault, ZooKeeperEnsemble ensemble, String ahead) {
        return start(fault, "ZooKeeper, 3 servers", connect(ensemble.connectString()), ahead);
    }

    private static String connect(String connectString) {
        return "connectString: \"" + connectString + "\"";
    }

    @Tag("long")
    @Test
    void aMajorityThatStopsForLessThanAheadIsNotNoticedByAnyCaller() {
        try (ZooKeeperEnsemble ensemble = ZooKeeperEnsemble.start();
                FaultRun run = onEnsemble("majority stopped for less than ahead", ensemble, "12s")) {
            Renewals renewals = Renewals.of(run, SERVERS);
            renewals.awaitSettled(Duration.ofSeconds(11));

            List<InstanceSpec> two = ensemble.followersFirst().subList(1, 3);
            two.forEach(ensemble::kill);
            run.pass(Duration.ofSeconds(4));
            restart(run, ensemble, two);

            renewals.awaitGranted(RECOVERY);
            run.awaitRecovery(RECOVERY);
            run.pass(Duration.ofSeconds(3));
            run.finish();
            renewals.assertMissed();
        }
    }

    @Test
    void aMajorityThatStopsForLongerThanAheadIsRecoveredFrom() {
        try (ZooKeeperEnsemble ensemble = ZooKeeperEnsemble.start();
                FaultRun run = onEnsemble("majority stopped for longer than ahead", ensemble, "3s")) {
            Renewals renewals = Renewals.of(run, SERVERS);
            renewals.awaitSettled(Duration.ofSeconds(2));

            List<InstanceSpec> two = ensemble.followersFirst().subList(1, 3);
            two.forEach(ensemble::kill);
            awaitRefusals(run);
            run.pass(Duration.ofSeconds(2));
            restart(run, ensemble, two);

            run.awaitRecovery(RECOVERY);
            run.pass(Duration.ofSeconds(2));
            // A call that gets no answer fails at its timeout, which may be after the window's end.
            run.finish("coordinator unavailable", "window ahead");
            renewals.assertMissed();
        }
    }

    /** Returns as soon as the ensemble has a leader again, which means that it is back. */
    private static void restart(FaultRun run, ZooKeeperEnsemble ensemble, List<InstanceSpec> servers) {
        servers.forEach(ensemble::restart);
        run.await("a leader", ELECTION, () -> ensemble.leader().isPresent());
    }

    private static void awaitRefusals(FaultRun run) {
        for (int i = 0; i < SERVERS; i++) {
            int server = i;
            run.await("server %d to refuse".formatted(i), Duration.ofSeconds(15), () -> run.refusals(server) > 0);
        }
    }

    @Tag("long")
    @Test
    void aSessionThatExpiresIsNotNoticedByAnyCallerAndCostsNoNodeId() {
        try (ZooKeeperServer zooKeeper = ZooKeeperServer.start(500, Map.of());
                ZooKeeperWire wire = ZooKeeperWire.to(zooKeeper);
                FaultRun run = start(
                        "sessions expired",
                        "ZooKeeper",
                        connect(wire.address()) + ", sessionTimeout: 1s, connectTimeout: 1s",
                        "12s")) {
            Renewals renewals = Renewals.of(run, SERVERS);
            renewals.awaitSettled(Duration.ofSeconds(11));

            int sessions = wire.newSessions();
            wire.lose();
            run.pass(Duration.ofSeconds(5));
            wire.find();

            renewals.awaitGranted(RECOVERY);
            run.awaitRecovery(RECOVERY);
            assertThat(wire.newSessions()).as("sessions").isGreaterThanOrEqualTo(sessions + SERVERS);
            for (int i = 0; i < SERVERS; i++) {
                assertThat(run.server(i).log())
                        .containsOnlyOnce("acquired node id")
                        .doesNotContain("lost node id");
            }
            run.finish();
        }
    }

    @Tag("long")
    @Test
    void permissionsThatAreTakenAwayAreMissedAndUsedAgainOnceTheyAreBack() {
        try (ZooKeeperServer zooKeeper = ZooKeeperServer.start();
                FaultRun run = start(
                        "permissions revoked",
                        "ZooKeeper",
                        connect(zooKeeper.connectString()) + ", username: ids, password: secret",
                        "3s")) {
            Renewals renewals = Renewals.of(run, SERVERS);
            renewals.awaitSettled(Duration.ofSeconds(2));

            hand(zooKeeper, "ids", "operator");
            awaitRefusals(run);
            run.pass(Duration.ofSeconds(2));
            hand(zooKeeper, "operator", "ids");

            run.awaitRecovery(RECOVERY);
            run.pass(Duration.ofSeconds(2));
            run.finish("coordinator unavailable");
            assertThat(run.server(0).log())
                    .contains("refused access to /snowline")
                    .contains("NOAUTH");
        }
    }

    /** Gives every znode of one user to another. */
    private static void hand(ZooKeeperServer zooKeeper, String from, String to) {
        List<ACL> acl = List.of(new ACL(ZooDefs.Perms.ALL, digest(to)));
        try (ZooKeeperShell shell = ZooKeeperShell.to(zooKeeper.connectString(), from, "secret")) {
            for (String path : tree(shell, "/snowline")) {
                shell.setAcl(path, acl);
            }
        }
    }

    private static Id digest(String user) {
        try {
            return new Id("digest", DigestAuthenticationProvider.generateDigest(user + ":secret"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> tree(ZooKeeperShell shell, String path) {
        List<String> tree = new ArrayList<>();
        shell.children(path).forEach(child -> tree.addAll(tree(shell, path + "/" + child)));
        tree.add(path);
        return tree;
    }
}
