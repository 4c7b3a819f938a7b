package io.snowline.server.endtoend;

import io.snowline.server.testing.FaultTable;
import io.snowline.testing.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Tag("faults")
@ExtendWith(FaultTable.class)
class RedisEndToEndIT {

    @TempDir
    Path directory;

    @Tag("T13")
    @Test
    void leasedServersThatAreKilledOnARedisThatIsFlushedNeverIssueAnIdTwice() throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            String yaml =
                    """
                    coordination: {type: redis, uri: "%s"}
                    generators: {default: {}}
                    """;
            Siege.of(50_000_000, 10_000)
                    .run("Redis", "FLUSHALL", directory, yaml.formatted(redis.uri()), () -> redis.command("FLUSHALL"));
        }
    }

    @Test
    void recordedServersOnOneNodeIdNeverIssueAnIdTwiceByTheMarkAlone() throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            Siege.of(50_000_000, 10_000)
                    .run(
                            "Redis, recorded mode, one node id",
                            "FLUSHALL",
                            directory,
                            recorded(redis, "{node: 7, ledger: false}"),
                            () -> redis.command("FLUSHALL"));
        }
    }

    @Test
    void recordedServersOnOneNodeIdNeverIssueAnIdTwiceAndTheLedgerHasEveryOne() throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            Siege.of(1_000_000, 1_000)
                    .run(
                            "Redis, recorded mode with ledger",
                            "FLUSHALL",
                            directory,
                            recorded(redis, "{node: 7, ledger: true, keep: 1h}"),
                            () -> redis.command("FLUSHALL", "ASYNC")); // freeing millions of keys takes seconds
        }
    }

    private static String recorded(RedisServer redis, String settings) {
        return """
                coordination: {type: redis, uri: "%s"}
                generators: {default: {mode: recorded, recorded: %s, maxWait: 2s}}
                """
                .formatted(redis.uri(), settings);
    }
}
