package io.snowline.coordination.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.id.IdLayout;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.testing.Await;
import io.snowline.testing.Gate;
import io.snowline.testing.ZooKeeperServer;
import io.snowline.testing.ZooKeeperShell;
import io.snowline.testing.ZooKeeperWire;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a namespace leaves when it is deleted, which distinguishes it from one that is created later (C11). */
@Timeout(30)
class ZooKeeperTracesIT {

    private static final Duration LONG = Duration.ofSeconds(20);

    private static ZooKeeperServer server;
    private static ZooKeeperShell shell;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private Coordination coordination;

    @BeforeAll
    static void start() {
        server = ZooKeeperServer.start();
        shell = server.shell();
    }

    @AfterAll
    static void stop() {
        shell.close();
        server.close();
    }

    @BeforeEach
    void open() {
        coordination = Coordination.open(server);
    }

    @AfterEach
    void close() {
        thread.shutdownNow();
        coordination.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/snowline/%s", "/snowline"})
    void aNamespaceIsNewUntilItIsMadeAndLostOnceItIsDeleted(String deleted) {
        assertThat(bothReads()).containsOnly(Trace.NONE);
        NamespaceRecord first = coordination.create().record();
        assertThat(bothReads()).containsOnly(Trace.leftBy(first.token()));

        NamespaceRecord second = Coordination.record(9);
        assertThat(write(second, coordination.read().trace()).view().trace()).isEqualTo(Trace.UNKNOWN);
        assertThat(bothReads()).containsOnly(Trace.leftBy(second.token()));
        assertThat(shell.stat(coordination.znodes().trace()).getVersion()).isEqualTo(1);

        shell.delete(deleted.formatted(coordination.namespace()));
        assertThat(coordination.read().namespace()).isEmpty();
        assertThat(bothReads()).containsOnly(Trace.leftBy(second.token()));

        assertThat(write(Coordination.record(10), Trace.NONE).applied()).isFalse();
        assertThat(write(Coordination.record(10), Trace.leftBy(first.token())).applied())
                .isFalse();
        assertThat(write(Coordination.record(10), Trace.leftBy(second.token())).applied())
                .isTrue();
        assertThat(shell.stat(coordination.znodes().trace()).getVersion()).isEqualTo(2);
    }

    private List<Trace> bothReads() {
        return List.of(
                coordination.read().trace(),
                coordination
                        .coordinator()
                        .read(coordination.namespace(), new NodeIdRange(3, 4))
                        .trace());
    }

    private Replaced write(NamespaceRecord next, Trace trace) {
        return coordination.replace(
                Replacement.ofNamespace("", coordination.read().namespace(), next, Optional.empty(), trace));
    }

    @Test
    void aStepThatNamesNoTraceLeavesIt() {
        String token = coordination.create().record().token();
        assertThat(write(Coordination.record(1), Trace.UNKNOWN).applied()).isTrue();
        assertThat(coordination.reserve(7, 10).applied()).isTrue();
        assertThat(coordination.read().trace()).isEqualTo(Trace.leftBy(token));
    }

    @Test
    void aCreationThatComesTooLateLeavesATraceAndOneMarkerAndDoesNotStandInTheWay() throws Exception {
        NamespaceRecord late = Coordination.record(3);
        Gate gate = new Gate();
        try (ZooKeeperWire wire = ZooKeeperWire.to(server, gate);
                Coordination slow = Coordination.open(
                        coordination.namespace(), factory -> factory.setConnectString(wire.address()))) {
            makeZnodes();
            Instant notAfter = slow.read().time().orElseThrow().plus(Duration.ofMillis(700));
            Gate.Held transaction = gate.hold(3);
            Future<Replaced> outcome = thread.submit(() -> slow.replace(
                    Replacement.ofNamespace("", Optional.empty(), late, Optional.of(notAfter), Trace.NONE)));
            Await.until("the transaction", LONG, transaction::hasArrived);
            Await.until(
                    "ZooKeeper's clock",
                    LONG,
                    () -> coordination.read().time().orElseThrow().isAfter(notAfter));
            assertThat(coordination.read().trace()).isEqualTo(Trace.NONE);
            transaction.release();
            assertThat(outcome.get().applied()).isFalse();
            assertThat(outcome.get().view().namespace()).isEmpty();
        }
        assertThat(shell.read(coordination.znodes().record())).startsWith(late.encode());
        assertThat(coordination.read().namespace()).isEmpty();
        assertThat(coordination.read().trace()).isEqualTo(Trace.leftBy(late.token()));

        NamespaceRecord next = coordination.create().record();
        assertThat(coordination.read().namespace()).map(Stored::record).contains(next);
        assertThat(coordination.reserve(7, 10).applied()).isTrue();
        assertThat(markers()).hasSize(1);
    }

    /**
     * Makes the znodes of a namespace without record and trace, as a creation leaves them that ends before its last
     * step.
     */
    private void makeZnodes() {
        coordination.create();
        String birth = Birth.draw();
        shell.delete(coordination.znodes().record());
        shell.delete(coordination.znodes().trace());
        shell.create(coordination.znodes().nodes(), birth);
        shell.create(coordination.znodes().marker(birth), "");
    }

    private List<String> markers() {
        return shell.children(coordination.znodes().record()).stream()
                .filter(child -> child.startsWith("is-"))
                .toList();
    }

    @Test
    void aNamespaceHasOneMarkerHoweverOftenItsRecordChanges() {
        coordination.create();
        List<String> markers = markers();
        for (int i = 1; i <= 3; i++) {
            assertThat(write(Coordination.record(i), coordination.read().trace())
                            .applied())
                    .isTrue();
            assertThat(coordination.reserve(i, 10).applied()).isTrue();
        }
        assertThat(markers()).hasSize(1).isEqualTo(markers);
    }

    @Test
    void aMarkerThatIsDeletedIsReplaced() {
        coordination.create();
        List<String> markers = markers();
        shell.delete(coordination.znodes().record() + "/" + markers.get(0));
        assertThat(coordination.reserve(7, 10).applied()).isTrue();
        assertThat(markers()).hasSize(1).isNotEqualTo(markers);
        assertThat(coordination.reserve(7, 20).applied()).isTrue();
    }

    @Test
    void aNamespaceOfAnOlderReleaseIsCarriedOnFrom() {
        IdLayout layout = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
        long mark = layout.scale().positionAt(System.currentTimeMillis() + 20_000);
        OldRelease.make(shell, coordination.znodes(), 7, mark);
        StoreView old = coordination.read();
        assertThat(old.trace()).isEqualTo(Trace.NONE);
        assertThat(markers()).isEmpty();

        try (SnowflakeGenerator generator = SnowflakeGenerator.builder(
                        coordination.coordinator(), coordination.namespace())
                .nodeIds(new NodeIdRange(7, 7))
                .start()) {
            assertThat(generator.awaitReady(LONG)).isTrue();
            assertThat(generator.nextId()).isGreaterThanOrEqualTo(layout.compose(mark, 7));
        }
        NamespaceRecord record = coordination.read().namespace().orElseThrow().record();
        assertThat(record.incarnation()).isEqualTo(1);
        assertThat(record.usableFrom()).isPresent();
        assertThat(record.token())
                .isNotEqualTo(old.namespace().orElseThrow().record().token());
        assertThat(coordination.read().trace()).isEqualTo(Trace.leftBy(record.token()));
        assertThat(markers()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "token=x"})
    void somethingElseAtATraceIsReportedAndLeft(String garbage) {
        String path = coordination.znodes().trace();
        shell.create(path, garbage);
        assertUnreadable(coordination::read, path, "trace must be 1 to 256 printable ASCII characters");
        assertUnreadable(() -> create(Trace.NONE), path, "trace must be 1 to 256 printable ASCII characters");
        assertThat(shell.read(path)).isEqualTo(garbage);
    }

    @Test
    void somethingElseAtTheBirthIsReportedAndLeft() {
        StoreView view = coordination.read();
        String path = coordination.znodes().nodes();
        shell.create(path, "not a birth");
        assertUnreadable(() -> create(view.trace()), path, "it is not written as Snowline writes it");
        assertThat(shell.read(path)).isEqualTo("not a birth");
    }

    private void create(Trace trace) {
        var unused = coordination.replace(
                Replacement.ofNamespace("", Optional.empty(), Coordination.record(0), Optional.empty(), trace));
    }

    private static void assertUnreadable(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable step, String path, String why) {
        assertThatThrownBy(step)
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith("znode %s of ZooKeeper at ".formatted(path))
                .hasMessageContaining(why);
    }
}
