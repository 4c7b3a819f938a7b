package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.testing.Await;
import io.snowline.testing.RedisServer;
import io.snowline.testing.Wire;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that is down, silent or refusing (C5). */
@Timeout(60)
class RedisFaultsIT {

    private static final Duration TIMEOUT = Duration.ofMillis(200);

    private static RedisServer server;
    private Coordination coordination;

    @BeforeAll
    static void start() {
        server = RedisServer.start("--enable-debug-command", "yes");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        coordination = Coordination.open(factory -> {
            factory.setUri(server.uri());
            factory.setReadTimeout(TIMEOUT);
            factory.setConnectTimeout(TIMEOUT);
            factory.setPoolTimeout(TIMEOUT);
        });
    }

    @AfterEach
    void close() {
        coordination.close();
    }

    @Test
    void aServerThatIsAwayIsUnavailableAtOnceAndUsedAgainOnItsReturn() {
        coordination.read();
        server.kill();
        assertUnavailable(coordination::read, "did not answer: ");
        assertUnavailable(coordination::read, "did not answer: Connection refused");
        server.restart();
        assertThat(coordination.read().namespace()).isEmpty();
    }

    @Test
    void aServerThatIsAwayAtFirstIsUsedOnItsReturn() {
        server.kill();
        assertUnavailable(coordination::create, "Connection refused");
        server.restart();
        coordination.create();
    }

    @Test
    void aSilentServerIsGivenUpAfterTheTimeout() {
        coordination.create();
        server.pause();
        try {
            long start = System.nanoTime();
            assertUnavailable(() -> coordination.reserve(1, 10), "did not answer: Read timed out");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(TIMEOUT, TIMEOUT.multipliedBy(4));
        } finally {
            server.resume();
        }
        coordination.readOnceRecovered(Coordination.RECOVERY);
        assertThat(coordination.reserve(1, 20).applied()).isTrue();
    }

    @Test
    void aStepWhoseReplyIsLostIsUnknownAndShowsWhenItIsReadAgain() {
        try (Wire wire = Wire.to(server.host(), server.port());
                Coordination throughWire = Coordination.open(factory -> {
                    factory.setUri("redis://" + wire.address());
                    factory.setReadTimeout(TIMEOUT);
                })) {
            throughWire.create();
            StoreView view = throughWire.read();
            NodeRecord reserved = Coordination.node(1, 10);
            wire.loseReplies(true);
            assertUnavailable(
                    () -> throughWire.replace(Replacement.ofNode(
                            view.identity(), view.namespace().orElseThrow(), Optional.empty(), reserved)),
                    "Read timed out");
            wire.loseReplies(false);
            assertThat(throughWire.read().node(1)).map(Stored::record).contains(reserved);
        }
    }

    @Test
    void callersBeyondMaxConnectionsAreToldSoAfterThePoolTimeout() throws Exception {
        try (Coordination narrow = Coordination.open(factory -> {
            factory.setUri(server.uri());
            factory.setMaxConnections(1);
            factory.setPoolTimeout(TIMEOUT);
            factory.setReadTimeout(Duration.ofSeconds(5));
        })) {
            narrow.read();
            ExecutorService threads = Executors.newFixedThreadPool(2);
            server.pause();
            try {
                Future<StoreView> one = threads.submit(narrow::read);
                Future<StoreView> other = threads.submit(narrow::read);
                Await.until("one to give up", Coordination.RECOVERY, () -> one.isDone() || other.isDone());
                Future<StoreView> refused = one.isDone() ? one : other;
                assertThatThrownBy(refused::get)
                        .hasCauseInstanceOf(CoordinatorUnavailableException.class)
                        .hasMessageContaining("all 1 connections were in use for poolTimeout, 200 ms");
                server.resume();
                assertThat((refused == one ? other : one).get().namespace()).isEmpty();
            } finally {
                server.resume();
                threads.shutdownNow();
            }
        }
    }

    @Test
    void anInterruptedThreadStaysInterrupted() {
        Thread.currentThread().interrupt();
        assertUnavailable(coordination::read, "interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aServerThatIsLoadingIsUnavailable() throws Exception {
        server.command("DEBUG", "POPULATE", "2000");
        server.command("CONFIG", "SET", "key-load-delay", "500");
        server.command("CONFIG", "SET", "loading-process-events-interval-bytes", "1024");
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> reload = thread.submit(() -> server.command("DEBUG", "RELOAD"));
            Await.until("the server to say that it is loading", Coordination.RECOVERY, () -> says("LOADING"));
            reload.get();
        } finally {
            thread.shutdownNow();
            server.command("CONFIG", "SET", "key-load-delay", "0");
            server.command("FLUSHALL");
        }
        coordination.readOnceRecovered(Coordination.RECOVERY);
    }

    @Test
    void aServerThatIsBusyWithAScriptIsUnavailable() throws Exception {
        server.command("CONFIG", "SET", "busy-reply-threshold", "10");
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> script = thread.submit(() -> server.command("EVAL", "while true do end", "0"));
            Await.until("the server to say that it is busy", Coordination.RECOVERY, () -> says("BUSY"));
            server.command("SCRIPT", "KILL");
            assertThatThrownBy(script::get).hasMessageContaining("killed");
        } finally {
            thread.shutdownNow();
        }
        coordination.readOnceRecovered(Coordination.RECOVERY);
    }

    private boolean says(String code) {
        try {
            coordination.read();
            return false;
        } catch (CoordinatorUnavailableException e) {
            return e.getMessage().contains("cannot serve now: " + code);
        }
    }

    @Test
    void aServerWithoutMemoryRefusesAndKeepsWhatItHas() {
        coordination.create();
        server.command("CONFIG", "SET", "maxmemory", "1");
        try {
            assertUnavailable(() -> coordination.reserve(1, 10), "cannot serve now: OOM");
            assertThat(coordination.read().nodes()).isEmpty();
        } finally {
            server.command("CONFIG", "SET", "maxmemory", "0");
        }
    }

    @Test
    void anEvictionPolicyIsReported() {
        assertThat(coordination.coordinator().advisories()).isEmpty();
        server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        try {
            assertThat(coordination.coordinator().advisories())
                    .singleElement()
                    .asString()
                    .isEqualTo("Redis at " + server.address()
                            + " has maxmemory-policy allkeys-lru and may evict Snowline's records; set it to"
                            + " noeviction");
        } finally {
            server.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
        }
    }

    @Test
    void failuresLeaveNeitherThreadsNorConnectionsBehind() {
        coordination.read();
        long connections = connections();
        int threads = Thread.activeCount();
        for (int i = 0; i < 3; i++) {
            server.pause();
            assertUnavailable(coordination::read, "Read timed out");
            server.resume();
            coordination.readOnceRecovered(Coordination.RECOVERY);
        }
        server.kill();
        for (int i = 0; i < 200; i++) {
            assertUnavailable(coordination::read, "did not answer");
        }
        server.restart();
        coordination.readOnceRecovered(Coordination.RECOVERY);

        assertThat(connections()).isLessThanOrEqualTo(connections);
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
        coordination.close();
        Await.until("the last connection to be closed", Coordination.RECOVERY, () -> connections() < connections);
    }

    private static long connections() {
        return Long.parseLong(server.info("clients", "connected_clients").orElseThrow());
    }

    @Test
    void aClosedCoordinatorSaysSo() {
        coordination.read();
        coordination.close();
        coordination.close();
        assertUnavailable(coordination::read, "was closed by this process");
    }

    private static void assertUnavailable(Callable<?> step, String message) {
        assertThatThrownBy(step::call)
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(message);
    }
}
