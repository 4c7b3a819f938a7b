package io.snowline.server.faults;

import io.snowline.server.testing.FaultTable;
import io.snowline.testing.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Redis loses what it has acknowledged, again and again. At each loss one server is killed and started again, so that a
 * server takes a node id whose windows are forgotten; with four node ids for three servers that is soon one that is in
 * use.
 */
@Tag("faults")
@ExtendWith(FaultTable.class)
@Timeout(600)
class RedisForgetsIT {

    private static final int SERVERS = 3;
    private static final Duration NOTICED = Duration.ofSeconds(20);
    private static final Duration STARTED = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    /** The ways to make Redis forget. */
    private interface Loss {
        void happen(RedisServer redis) throws Exception;
    }

    @Tag("long")
    @Test
    void flushedOverAndOverNoIdIsRepeated() throws Exception {
        forget("FLUSHALL and a restarted server", 4, redis -> redis.command("FLUSHALL"));
    }

    @Tag("T13")
    @Test
    void restartedEmptyOnceNoIdIsRepeated() throws Exception {
        forget("Redis and a server restarted, Redis empty", 1, RedisServer::restartEmpty);
    }

    @Tag("long")
    @Test
    void restartedEmptyOverAndOverNoIdIsRepeated() throws Exception {
        forget("Redis and a server restarted, Redis empty", 4, RedisServer::restartEmpty);
    }

    @Tag("long")
    @Test
    void restartedFromTheSameOldSnapshotOverAndOverNoIdIsRepeated() throws Exception {
        Path old = directory.resolve("old.rdb");
        forget("Redis and a server restarted, Redis from an old snapshot", 4, redis -> {
            redis.kill();
            Path snapshot = redis.directory().resolve("dump.rdb");
            if (Files.exists(old)) {
                Files.copy(old, snapshot, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.copy(snapshot, old);
            }
            redis.restart();
        });
    }

    private void forget(String fault, int losses, Loss loss) throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            String yaml =
                    """
                    coordination: {type: redis, uri: "%s", readTimeout: 500ms}
                    reservation: {ahead: 4s, renewEvery: 500ms, takeoverGrace: 1s, guard: 1s}
                    generators: {default: {%s}}
                    """
                            .formatted(redis.uri(), FaultRun.layout(2));
            try (FaultRun run = FaultRun.of(FaultRun.times(fault, losses), "Redis", directory)
                    .nodeBits(2)
                    .start(yaml, yaml, yaml)) {
                redis.command("SAVE");
                for (int i = 0; i < losses; i++) {
                    run.pass(Duration.ofSeconds(6));
                    int victim = i % SERVERS;
                    int[] heard = run.heard();
                    loss.happen(redis);
                    run.server(victim).kill();
                    run.server(victim).restart();
                    run.awaitRecovery(STARTED);
                    run.awaitLogOfAny(heard, "is at incarnation", NOTICED);
                }
                run.finish("starting", "no free node", "window ahead", "coordinator unavailable");
            }
        }
    }
}
