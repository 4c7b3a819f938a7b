package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.testing.Await;
import io.snowline.testing.EtcdServer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces, which distinguish a namespace that was deleted from a new one (C11). */
@Timeout(60)
class EtcdTraceIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final EtcdServer server = EtcdServer.shared();
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
    void aNewNamespaceHasNoTraceAndLeavesOneThatNoDeletionOfItsKeysReaches() {
        assertThat(coordination.read().trace()).isEqualTo(Trace.NONE);

        String token = coordination.create().record().token();
        assertThat(server.dump(coordination.traceKey())).containsExactly(Map.entry(coordination.traceKey(), token));
        assertThat(coordination.read().trace()).isEqualTo(Trace.leftBy(token));

        coordination.reserve(7, 10);
        server.deleteAll(coordination.key());
        assertThat(coordination.read().namespace()).isEmpty();
        assertThat(coordination.read().trace()).isEqualTo(Trace.leftBy(token));
        try (Coordination fresh = coordination.again(server)) {
            assertThat(fresh.read().trace()).isEqualTo(Trace.leftBy(token));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/snowline", "/snow", "/s"})
    void noDeletionOfAllThatBeginsLikeThePrefixReachesTheTraces(String deleted) {
        try (EtcdServer own = EtcdServer.start();
                Coordination first = Coordination.open(own)) {
            String token = first.create().record().token();
            own.deleteAll(deleted);
            assertThat(own.dump("/")).containsExactly(Map.entry(first.traceKey(), token));
            try (Coordination fresh = first.again(own)) {
                assertThat(fresh.read().namespace()).isEmpty();
                assertThat(fresh.read().trace()).isEqualTo(Trace.leftBy(token));
            }
        }
    }

    @Test
    void theTraceIsThatOfTheLatestNamespaceRecord() {
        coordination.create();
        StoreView view = coordination.read();
        NamespaceRecord next = Coordination.record(view.identity());
        assertThat(coordination.replace(step(view, next)).applied()).isTrue();
        assertThat(server.get(coordination.traceKey())).contains(next.token());

        // The trace that was read first is outdated.
        StoreView now = coordination.read();
        StoreView outdated = new StoreView(now.namespace(), now.nodes(), now.identity(), now.time(), view.trace());
        assertThat(coordination
                        .replace(step(outdated, Coordination.record(view.identity())))
                        .applied())
                .isFalse();
        assertThat(coordination.read()).isEqualTo(now);
    }

    @Test
    void stepsWithoutATraceLeaveItAsItIs() {
        String token = coordination.create().record().token();
        assertThat(coordination.reserve(7, 10).applied()).isTrue();
        StoreView view = coordination.read();
        StoreView unknown = new StoreView(view.namespace(), view.nodes(), view.identity(), view.time());
        assertThat(coordination
                        .replace(step(unknown, Coordination.record(view.identity())))
                        .applied())
                .isTrue();
        assertThat(coordination.read().trace()).isEqualTo(Trace.leftBy(token));
    }

    /** The delayed step is based on a read of a new namespace the first time, and of a lost one the second time. */
    @Test
    void aStepThatWasHeldUpWhileTheNamespaceWasMadeAndDeletedIsRefused() {
        for (int i = 0; i < 2; i++) {
            StoreView before = coordination.read();
            try (Coordination other = coordination.again(server)) {
                assertThat(other.replace(step(other.read(), Coordination.record(before.identity())))
                                .applied())
                        .isTrue();
                other.reserve(1, 1000);
                server.deleteAll(coordination.key());
            }
            Replaced late = coordination.replace(step(before, Coordination.record(before.identity())));
            assertThat(late.applied()).as("a late step, %s", before).isFalse();
            assertThat(server.dump(coordination.key())).isEmpty();
        }
    }

    @Test
    void aPausedCreatorIssuesNoIdThatWasIssuedInTheNamespaceThatWasMadeAndDeletedMeanwhile() throws Exception {
        String namespace = coordination.namespace();
        HeldCoordinator held = new HeldCoordinator(coordination.coordinator());
        try (Coordination other = coordination.again(server);
                Drain paused = Drain.start(held, namespace)) {
            held.reached().await();
            try (Drain running = Drain.start(other.coordinator(), namespace)) {
                Await.until(
                        "IDs of the other process", SOON, () -> running.issued().size() > 10_000);
                other.coordinator().close(); // so that it issues to the end of its window without renewing it
                server.deleteAll(coordination.key());
                held.letGo().countDown();
                Await.until(
                        "IDs of the paused process", SOON, () -> paused.issued().size() > 50_000);

                Set<Long> twice = new TreeSet<>(running.issued());
                twice.retainAll(paused.issued());
                assertThat(twice.size())
                        .as("IDs issued twice, of %d", running.issued().size())
                        .isZero();
            }
        }
    }

    @Test
    void aNamespaceWithoutTraceThatWasMadeByAnOlderReleaseIsCarriedOnFromAndGetsOne() throws Exception {
        String identity = coordination.read().identity();
        long markMillis = System.currentTimeMillis() + 5_000;
        String record =
                "token=6b7e368d2b917177c8ddfd1e639b4fad layout=41/10/4@1ms epoch=2025-01-01T00:00:00Z mode=leased ahead=PT2S incarnation=1 identity=%s floor=16"
                        .formatted(identity);
        server.put(coordination.key(), record);
        server.put(
                coordination.nodeKey(7),
                "node=7 token=4ac849c100fb8b875c735392942ab3da owner= label=vm:18080 start=16 end="
                        + Drain.position(markMillis));
        assertThat(coordination.read().trace()).isEqualTo(Trace.NONE);

        try (Drain drain = Drain.start(coordination.coordinator(), coordination.namespace())) {
            Await.until("IDs", SOON, () -> drain.issued().size() > 1000);
            assertThat(drain.firstMillis()).isGreaterThanOrEqualTo(markMillis);
        }
        StoreView after = coordination.read();
        NamespaceRecord now = after.namespace().map(Stored::record).orElseThrow();
        assertThat(now.usableFrom()).isPresent();
        assertThat(now.floor()).isEqualTo(16);
        assertThat(now.incarnation()).isEqualTo(1);
        assertThat(after.trace()).isEqualTo(Trace.leftBy(now.token()));
    }

    @Test
    void aTraceThatIsNotOursIsReportedAndLeftAsItIs() {
        StoreView before = coordination.read();
        server.put(coordination.traceKey(), "not ours");
        assertThatThrownBy(coordination::read)
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("key " + coordination.traceKey() + " in etcd cannot be read: ");
        assertThat(coordination
                        .replace(step(before, Coordination.record(before.identity())))
                        .applied())
                .isFalse();
        assertThat(server.get(coordination.traceKey())).contains("not ours");
    }

    private static Replacement step(StoreView view, NamespaceRecord next) {
        return Replacement.ofNamespace(view.identity(), view.namespace(), next, Optional.empty(), view.trace());
    }
}
