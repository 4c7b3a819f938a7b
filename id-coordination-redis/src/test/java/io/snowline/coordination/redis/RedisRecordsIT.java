package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.Replacement.NodeChange;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.testing.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contents of Redis, and how unexpected contents are treated (C1, C2, C6, C8). */
@Timeout(30)
class RedisRecordsIT {

    private final RedisServer server = RedisServer.shared();
    private Coordination coordination;

    @BeforeEach
    void open() {
        coordination = Coordination.open(server);
    }

    @AfterEach
    void close() {
        coordination.close();
    }

    @Test
    void aNamespaceIsOneHashWithoutExpiry() {
        NamespaceRecord namespace = coordination.create().record();
        NodeRecord node =
                coordination.reserve(7, 4096).view().node(7).orElseThrow().record();

        List<?> dump = (List<?>) server.command("HGETALL", coordination.key());
        assertThat(dump).hasSize(4);
        assertThat(server.command("HGET", coordination.key(), "namespace")).isEqualTo(namespace.encode());
        assertThat(server.command("HGET", coordination.key(), "node:7")).isEqualTo(node.encode());
        assertThat(server.command("PTTL", coordination.key())).isEqualTo(-1L);
        assertThat(server.command("KEYS", "*" + coordination.namespace() + "*")).isEqualTo(List.of(coordination.key()));
    }

    @Test
    void theIdentityIsProcessAndReplicationHistory() {
        assertThat(coordination.read().identity())
                .isEqualTo(server.info("server", "run_id").orElseThrow() + ":"
                        + server.info("replication", "master_replid").orElseThrow());
    }

    @Test
    void theTimeIsTheServers() {
        Instant before = serverTime();
        Instant time = coordination.read().time().orElseThrow();
        assertThat(time).isBetween(before, serverTime());
    }

    private Instant serverTime() {
        List<?> time = (List<?>) server.command("TIME");
        return Instant.ofEpochSecond(Long.parseLong((String) time.get(0)))
                .plusMillis(Long.parseLong((String) time.get(1)) / 1000);
    }

    @Test
    void largeNumbersComeBackExactly() {
        coordination.create();
        long end = (1L << 62) - 1;
        assertThat(coordination
                        .reserve(1023, end)
                        .view()
                        .node(1023)
                        .orElseThrow()
                        .record()
                        .end())
                .isEqualTo(end);
        assertThat(coordination.read().node(1023).orElseThrow().record().end()).isEqualTo(end);
    }

    @Test
    void aStepIsRefusedWhenTheIdentityIsAnother() {
        Stored<NamespaceRecord> namespace = coordination.create();
        Replaced refused = coordination.replace(
                Replacement.ofNode("another:identity", namespace, Optional.empty(), Coordination.node(1, 10)));

        assertThat(refused.applied()).isFalse();
        assertThat(refused.view().identity()).isEqualTo(coordination.read().identity());
        assertThat(refused.view().namespace()).contains(namespace);
        assertThat(coordination.read().nodes()).isEmpty();
    }

    @Test
    void bothRecordsAreWrittenOrNeither() {
        Stored<NamespaceRecord> before = coordination.create();
        String identity = before.record().identity();
        NodeChange stale =
                new NodeChange(Optional.of(new Stored<>(Coordination.node(1, 5), 0)), Coordination.node(1, 10));
        NodeChange fresh = new NodeChange(Optional.empty(), Coordination.node(1, 10));
        Optional<NamespaceRecord> next = Optional.of(Coordination.record(identity));

        assertThat(coordination
                        .replace(new Replacement(
                                identity,
                                Optional.of(before),
                                next,
                                Optional.of(stale),
                                Optional.empty(),
                                Trace.UNKNOWN))
                        .applied())
                .isFalse();
        assertThat(coordination.read().namespace()).contains(before);
        assertThat(coordination
                        .replace(new Replacement(
                                identity,
                                Optional.of(before),
                                next,
                                Optional.of(fresh),
                                Optional.empty(),
                                Trace.UNKNOWN))
                        .applied())
                .isTrue();
        assertThat(coordination.read().namespace()).map(Stored::record).isEqualTo(next);
        assertThat(coordination.read().node(1)).map(Stored::record).contains(fresh.next());
    }

    @ParameterizedTest
    @CsvSource({"-1, false", "5000, true"})
    void aStepIsRefusedOnceItsTimeHasPassedOnTheServersClock(long millis, boolean applied) {
        StoreView view = coordination.read();
        Optional<Instant> notAfter = view.time().map(time -> time.plusMillis(millis));
        Replaced replaced = coordination.replace(Replacement.ofNamespace(
                view.identity(), Optional.empty(), Coordination.record(view.identity()), notAfter, view.trace()));
        assertThat(replaced.applied()).isEqualTo(applied);
        assertThat(coordination.read().namespace().isPresent()).isEqualTo(applied);
    }

    @Tag("T08")
    @Test
    void ofManyStepsThatExpectTheSameOneIsApplied() throws Exception {
        Stored<NamespaceRecord> namespace = coordination.create();
        int callers = 16;
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            for (int node = 0; node < 20; node++) {
                int concerned = node;
                Callable<Replaced> step = () -> coordination.replace(Replacement.ofNode(
                        namespace.record().identity(), namespace, Optional.empty(), Coordination.node(concerned, 10)));
                long applied = 0;
                for (Future<Replaced> future : threads.invokeAll(
                        IntStream.range(0, callers).mapToObj(i -> step).toList())) {
                    applied += future.get().applied() ? 1 : 0;
                }
                assertThat(applied).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aServerThatHasForgottenTheScriptsIsToldThemAgain() {
        coordination.create();
        server.command("SCRIPT", "FLUSH");
        assertThat(coordination.reserve(1, 10).applied()).isTrue();
    }

    @Test
    void aKeyOfAnotherTypeIsReportedAndLeftAsItIs() {
        server.command("SET", coordination.key(), "mine");
        StoreView view = Coordination.open(server).read();

        assertUnreadable(coordination::read, coordination.key());
        assertUnreadable(() -> coordination.replace(firstStep(view)), coordination.key());
        assertThat(server.command("GET", coordination.key())).isEqualTo("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "token=a layout=b", "node=1 token=a owner= label= start=0 end=1"})
    void anUnreadableNamespaceRecordIsReportedAndLeftAsItIs(String text) {
        server.command("HSET", coordination.key(), "namespace", text);
        StoreView view = Coordination.open(server).read();

        assertUnreadable(coordination::read, "field namespace of the hash " + coordination.key());
        assertUnreadable(
                () -> coordination.replace(firstStep(view)), "field namespace of the hash " + coordination.key());
        assertThat(server.command("HGET", coordination.key(), "namespace")).isEqualTo(text);
    }

    private static Replacement firstStep(StoreView view) {
        return Replacement.ofNamespace(
                view.identity(),
                Optional.empty(),
                Coordination.record(view.identity()),
                Optional.empty(),
                view.trace());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "node=2 token=a owner=b label=c start=0 end=1", // another node id
                "node=1 token=a owner=b label=c start=0 end=01", // not in the form that Snowline writes
                "token=a node=1 owner=b label=c start=0 end=1", // not in the form that Snowline writes
                "node=1 token=a owner=b label=c start=2 end=1" // no window
            })
    void anUnreadableNodeRecordIsReportedAndLeftAsItIs(String text) {
        Stored<NamespaceRecord> namespace = coordination.create();
        server.command("HSET", coordination.key(), "node:1", text);

        assertUnreadable(coordination::read, "field node:1 of the hash " + coordination.key());
        assertUnreadable(
                () -> coordination.replace(Replacement.ofNode(
                        namespace.record().identity(), namespace, Optional.empty(), Coordination.node(1, 10))),
                "field node:1 of the hash " + coordination.key());
        assertThat(server.command("HGET", coordination.key(), "node:1")).isEqualTo(text);
    }

    @Test
    void aFieldThatIsNotOursIsReported() {
        coordination.create();
        server.command("HSET", coordination.key(), "color", "blue");
        assertUnreadable(coordination::read, "'color'");
    }

    @Test
    void databasesAreSeparate() {
        try (Coordination other = Coordination.open(factory -> factory.setUri(server.uri() + "/1"))) {
            other.create();
            assertThat(coordination.coordinator().read(other.namespace()).namespace())
                    .isEmpty();
            assertThat(other.read().namespace()).isPresent();
        }
    }

    @Test
    void moreCallersThanConnectionsWaitForTheirTurn() throws Exception {
        try (Coordination narrow = Coordination.open(factory -> {
            factory.setUri(server.uri());
            factory.setMaxConnections(1);
            factory.setPoolTimeout(Duration.ofSeconds(10));
        })) {
            narrow.create();
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                List<Callable<Replaced>> steps = IntStream.range(0, 200)
                        .mapToObj(node -> (Callable<Replaced>) () -> narrow.reserve(node, 10))
                        .toList();
                for (Future<Replaced> future : threads.invokeAll(steps)) {
                    assertThat(future.get().applied()).isTrue();
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(narrow.read().nodes()).hasSize(200);
        }
    }

    private static void assertUnreadable(Callable<?> step, String message) {
        assertThatThrownBy(step::call)
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining(message);
    }
}
