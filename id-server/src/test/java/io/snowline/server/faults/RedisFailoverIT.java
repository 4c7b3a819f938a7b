package io.snowline.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.FaultTable;
import io.snowline.server.testing.Harvest;
import io.snowline.testing.RedisClusterServers;
import io.snowline.testing.RedisReplication;
import io.snowline.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Redis master is replaced while it goes on serving one of the servers, or dies. The first server knows the master by
 * an address of its own, so that it can stay with the old one; the others ask the Sentinels. There are two node ids for
 * three servers, so that the last one takes the node id of the first as soon as the new master lets it.
 */
@Tag("faults")
@Tag("long")
@ExtendWith(FaultTable.class)
@Timeout(600)
class RedisFailoverIT {

    private static final Duration AHEAD = Duration.ofSeconds(12);
    private static final Duration GUARD = Duration.ofSeconds(10);
    private static final Duration FAILED_OVER = Duration.ofSeconds(20);
    private static final Duration TAKEN_OVER = AHEAD.plus(GUARD).plusSeconds(30);
    private static final String RESERVATION =
            """

            reservation: {ahead: 12s, renewEvery: 500ms, takeoverGrace: 1s, guard: 10s}
            generators: {default: {%s}}
            """
                    .formatted(FaultRun.layout(1));
    private static final String[] ALLOWED = {"starting", "no free node", "window ahead", "coordinator unavailable"};

    @TempDir
    Path directory;

    /** Redis under Sentinels, the proxies to its first master, and the servers. */
    private record Partition(RedisReplication redis, Proxy everybody, Proxy first, FaultRun run)
            implements AutoCloseable {

        /** Cuts the old master off from its replica, the Sentinels, and all servers but the first; waits for the new one. */
        RedisServer begin() {
            int[] heard = run.heard();
            everybody.cut();
            RedisServer next = redis.awaitOtherMaster(redis.servers().get(0));
            run.awaitLogOfAny(heard, "may have lost something", FAILED_OVER);
            return next;
        }

        /** Ends the failover: the old master becomes a replica, and the first server is led to the new one. */
        void end(RedisServer next) {
            first.leadTo(next.host(), next.port());
            everybody.clear();
        }

        @Override
        public void close() throws IOException {
            run.close();
            first.close();
            everybody.close();
            redis.close();
        }
    }

    private Partition start(String fault, String... serverArguments) {
        Proxy[] ways = new Proxy[1];
        RedisReplication redis = RedisReplication.startBehind(
                master -> {
                    ways[0] = Proxy.to(master.host(), master.port());
                    return ways[0].port();
                },
                2,
                3,
                serverArguments);
        RedisServer master = redis.servers().get(0);
        Proxy first = Proxy.to(master.host(), master.port());
        String asking = "coordination: {type: redis, readTimeout: 500ms, sentinel: {master: %s, nodes: [\"%s\"]}}"
                .formatted(RedisReplication.MASTER_NAME, String.join("\", \"", redis.sentinelNodes()));
        String knowing = "coordination: {type: redis, readTimeout: 500ms, uri: \"redis://127.0.0.1:%d\"}"
                .formatted(first.port());
        FaultRun run = FaultRun.of(fault, "Redis with Sentinel", directory)
                .nodeBits(1)
                .waitingForTheFirst(2)
                .start(knowing + RESERVATION, asking + RESERVATION, asking + RESERVATION);
        run.await("a server without a node id", FAILED_OVER, () -> run.refusals(2) > 0);
        run.pass(AHEAD.plus(GUARD)); // until windows begin in the past and reach as far as they may
        return new Partition(redis, ways[0], first, run);
    }

    @Test
    void anOldMasterThatGoesOnWithinTheGuardIsHarmless() throws Exception {
        try (Partition partition = start("failover, the old master goes on for one server, within half of `guard`")) {
            FaultRun run = partition.run();
            int heardOfFirst = run.server(0).log().length();
            int heardOfLast = run.server(2).log().length();
            long cut = System.nanoTime();
            RedisServer next = partition.begin();
            assertThat(run.server(0).log().substring(heardOfFirst))
                    .as("what the first server has noticed")
                    .isEmpty();
            partition.end(next);
            assertThat(Duration.ofNanos(System.nanoTime() - cut))
                    .as("from the cut, which is before the failover, to the end of the old master")
                    .isLessThan(GUARD.dividedBy(2));
            run.awaitLog(0, heardOfFirst, "node id", TAKEN_OVER);
            run.pass(Duration.ofSeconds(5));
            run.server(0).kill(); // so that the last one takes the node id whose windows were forgotten
            run.awaitLog(2, heardOfLast, "acquired node id", TAKEN_OVER);
            run.awaitIds(2, TAKEN_OVER);
            run.pass(Duration.ofSeconds(5));
            run.finish(ALLOWED);
        }
    }

    @Test
    void anOldMasterThatStopsWritingWithoutItsReplicaIsHarmlessForAnyTime() throws Exception {
        try (Partition partition = start(
                "failover, the old master goes on for one server, 40 s, with `min-replicas-to-write`",
                "--min-replicas-to-write",
                "1",
                "--min-replicas-max-lag",
                "1")) {
            FaultRun run = partition.run();
            int heardOfFirst = run.server(0).log().length();
            int heardOfLast = run.server(2).log().length();
            RedisServer next = partition.begin();
            run.awaitLog(0, heardOfFirst, "did not answer", FAILED_OVER);
            run.awaitLog(2, heardOfLast, "acquired node id", TAKEN_OVER);
            run.pass(Duration.ofSeconds(15));
            partition.end(next);
            run.awaitLog(0, heardOfFirst, "lost node id", TAKEN_OVER);
            run.pass(Duration.ofSeconds(5));
            run.finish(ALLOWED);
        }
    }

    /** Shows that the assumptions of docs/safety.md are needed, and what a duplicate looks like to these tests. */
    @Test
    void anOldMasterThatGoesOnForLongerWithoutThatSettingGivesDuplicatesWhichAreFound() throws Exception {
        try (Partition partition = start("not shown")) {
            FaultRun run = partition.run();
            int heardOfLast = run.server(2).log().length();
            partition.begin();
            run.awaitLog(2, heardOfLast, "acquired node id", TAKEN_OVER);
            run.pass(AHEAD.plus(GUARD).multipliedBy(2));
            Harvest.Verdict verdict = run.stop();
            System.out.printf(
                    "the assumption about deposed masters broken on purpose: %,d IDs, %,d of them duplicates%n",
                    verdict.ids(), verdict.duplicates());
            assertThat(verdict.duplicates()).isPositive();
        }
    }

    @Test
    void aClusterThatFailsOverAgainAndAgainRepeatsNoId() throws Exception {
        try (RedisClusterServers cluster = RedisClusterServers.startWithReplicas()) {
            String yaml = "coordination: {type: redis, readTimeout: 500ms, cluster: {nodes: [\"%s\"]}}"
                            .formatted(String.join("\", \"", cluster.nodes()))
                    + RESERVATION.replace(FaultRun.layout(1), FaultRun.layout(2));
            try (FaultRun run = FaultRun.of(
                            "failover in a Cluster, master stopped and back, 3 times", "Redis Cluster", directory)
                    .nodeBits(2)
                    .start(yaml, yaml, yaml)) {
                RedisServer master = cluster.masterOf("id_gen:{default}");
                RedisServer replica = cluster.replicas().get(cluster.masters().indexOf(master));
                for (int i = 0; i < 3; i++) {
                    run.pass(Duration.ofSeconds(10));
                    int[] heard = run.heard();
                    master.pause();
                    run.awaitLogOfAny(heard, "may have lost something", FAILED_OVER);
                    master.resume();
                    RedisReplication.awaitReplicas(replica, 1);
                    run.awaitRecovery(FAILED_OVER);
                    RedisServer old = master;
                    master = replica;
                    replica = old;
                }
                run.finish(ALLOWED);
            }
        }
    }
}
