package io.snowline.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.ServerProcess;
import io.snowline.testing.Await;
import io.snowline.testing.RedisReplication;
import io.snowline.testing.RedisServer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What callers notice when Redis goes down, forgets, or is replaced, and what the log says. Each test has its own Redis
 * and server, and spends most of its time waiting, so several run at the same time.
 */
@Tag("faults")
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
class RedisAwayIT {

    private static final Duration RECOVERY = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    private RedisServer redis;

    @BeforeEach
    void startRedis() {
        redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    private ServerProcess start(String ahead) {
        return ServerProcess.start(directory, yaml(ahead));
    }

    /** Starts a server on a namespace that was made before, so that its windows are not short. */
    private ServerProcess startOnNew(String ahead) {
        ServerProcess.create(directory, yaml(ahead));
        return start(ahead).awaitReady();
    }

    private String yaml(String ahead) {
        return yaml("uri: \"" + redis.uri() + "\", readTimeout: 500ms", ahead);
    }

    private static String yaml(String backend, String ahead) {
        return """
                coordination: {type: redis, %s}
                reservation: {ahead: %s, renewEvery: 500ms}
                generators: {default: {}}
                """
                .formatted(backend, ahead);
    }

    /** Waits until a server holds nearly as much as it may. */
    private static void awaitSettled(ServerProcess server, Duration atLeast) {
        long began = System.nanoTime();
        while (remaining(server).compareTo(atLeast) < 0) {
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMinutes(1));
            pass(Duration.ofMillis(100));
        }
    }

    private static Duration remaining(ServerProcess server) {
        Matcher goodFor = Pattern.compile("good for ([0-9]+) ms").matcher(health(server));
        return Duration.ofMillis(goodFor.find() ? Long.parseLong(goodFor.group(1)) : 0);
    }

    private static String health(ServerProcess server) {
        return server.send(HttpRequest.newBuilder(URI.create(server.admin() + "/healthcheck"))
                        .build())
                .body();
    }

    private static void pass(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    @Test
    void awayAtStartIsSaidAndRecoveredFrom() {
        redis.kill();
        try (ServerProcess server = start("30s").awaitListening()) {
            HttpResponse<String> refused = server.get("/v1/default/id");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.body()).contains("'default'");
            try (Trickle trickle = Trickle.start(server)) {
                pass(Duration.ofSeconds(2));
                redis.restart();
                assertThat(trickle.awaitId()).isLessThan(RECOVERY);
                trickle.assertGrowing();
            }
            assertThat(server.log()).contains("the coordinator of namespace 'default' did not answer");
            Await.until("the log, which is written in the background", RECOVERY, () -> server.log()
                    .contains("acquired node id"));
        }
    }

    @Test
    void awayForLessThanAheadIsNotNoticedByAnyCaller() {
        try (ServerProcess server = startOnNew("6s");
                Trickle trickle = Trickle.start(server)) {
            awaitSettled(server, Duration.ofSeconds(5));
            redis.kill();
            pass(Duration.ofSeconds(3));
            redis.restart();
            pass(Duration.ofSeconds(7));

            trickle.assertGrowing();
            assertThat(trickle.refusals()).isEmpty();
            assertThat(trickle.issued()).isGreaterThan(500);
            assertThat(server.log()).contains("did not answer").contains("windows are granted again");
        }
    }

    @Tag("T12")
    @Test
    void awayForLongerIsRefusedWithRetryAfterAndRecoveredFrom() {
        try (ServerProcess server = startOnNew("2s");
                Trickle trickle = Trickle.start(server)) {
            pass(Duration.ofSeconds(1));
            redis.pause();
            trickle.awaitRefusal();
            pass(Duration.ofSeconds(2));
            redis.resume();
            assertThat(trickle.awaitId()).isLessThan(RECOVERY);

            trickle.assertGrowing();
            assertThat(trickle.refusals()).allSatisfy(refusal -> assertThat(refusal)
                    .startsWith("503 ")
                    .containsPattern("^503 \\[[1-9][0-9]*] ")
                    .contains("coordinator unavailable"));
        }
    }

    @Test
    void restartedEmptyIsNoticedAndNobodyWaits() {
        try (ServerProcess server = startOnNew("6s");
                Trickle trickle = Trickle.start(server)) {
            awaitSettled(server, Duration.ofSeconds(5));
            redis.kill();
            pass(Duration.ofSeconds(1));
            redis.restartEmpty();
            pass(Duration.ofSeconds(7));

            trickle.assertGrowing();
            assertThat(trickle.refusals()).isEmpty();
            assertThat(server.log()).contains("is at incarnation").containsPattern("lost node id|acquired node id");
        }
    }

    @Test
    void anEvictingRedisIsSaidInTheLogAndInHealth() {
        redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        try (ServerProcess server = startOnNew("6s")) {
            assertThat(health(server)).contains("allkeys-lru");
            long began = System.nanoTime();
            while (!server.log().contains("allkeys-lru")) {
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
                pass(Duration.ofMillis(100));
            }
        }
    }

    @Test
    void flushedIsNoticedAndNobodyWaits() {
        try (ServerProcess server = startOnNew("6s");
                Trickle trickle = Trickle.start(server)) {
            awaitSettled(server, Duration.ofSeconds(5));
            redis.command("FLUSHALL");
            pass(Duration.ofSeconds(7));

            trickle.assertGrowing();
            assertThat(trickle.refusals()).isEmpty();
            assertThat(server.log()).contains("may have lost something");
        }
    }

    @Test
    void failedOverBySentinelIsNoticedAndNobodyWaits() {
        try (RedisReplication replication = RedisReplication.start(1, 3)) {
            String backend = "readTimeout: 500ms, sentinel: {master: %s, nodes: [%s]}"
                    .formatted(
                            RedisReplication.MASTER_NAME,
                            "\"" + String.join("\", \"", replication.sentinelNodes()) + "\"");
            ServerProcess.create(directory, yaml(backend, "12s"));
            try (ServerProcess server =
                            ServerProcess.start(directory, yaml(backend, "12s")).awaitReady();
                    Trickle trickle = Trickle.start(server)) {
                awaitSettled(server, Duration.ofSeconds(11));
                RedisServer old = replication.master();
                old.kill();
                replication.awaitOtherMaster(old);
                pass(Duration.ofSeconds(5));

                trickle.assertGrowing();
                assertThat(trickle.refusals()).isEmpty();
                assertThat(server.log()).contains("may have lost something").contains("windows are granted again");
            }
        }
    }
}
