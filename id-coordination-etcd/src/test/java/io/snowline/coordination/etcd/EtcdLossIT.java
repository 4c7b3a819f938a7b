package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.testing.Await;
import io.snowline.testing.EtcdServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A store that has lost a part of its history gets another identity, and one whose history is complete keeps it (P8).
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(60)
class EtcdLossIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private EtcdServer server;
    private Coordination coordination;

    @BeforeEach
    void start() {
        server = EtcdServer.start();
        coordination = Coordination.open(server);
        coordination.create();
        for (int i = 1; i <= 30; i++) {
            coordination.reserve(1, i);
        }
    }

    @AfterEach
    void stop() {
        coordination.close();
        server.close();
    }

    @Test
    void restartsChangeNothing() {
        StoreView before = coordination.read();
        assertThat(before.identity()).doesNotEndWith(":restored");
        for (int i = 0; i < 3; i++) {
            server.kill();
            server.restart();
            assertThat(coordination.read()).isEqualTo(before);
            try (Coordination fresh = coordination.again(server)) {
                assertThat(fresh.read()).isEqualTo(before);
            }
        }
        assertThat(coordination.reserve(1, 100).applied()).isTrue();
    }

    @Test
    void aSnapshotThatIsRestoredUnderARunningCoordinatorIsNoticedAtItsNextStep() {
        Path snapshot = server.snapshot();
        StoreView before = coordination.reserve(1, 100).view();
        server.restartFrom(snapshot);

        assertLossIsNoticed(before);
    }

    @Test
    void anOlderCopyOfTheFilesIsNoticedByACoordinatorThatHasSeenMore() {
        Path copy = server.copyOfData();
        StoreView before = coordination.reserve(1, 100).view();
        server.restartWithData(copy);

        assertLossIsNoticed(before);
    }

    private void assertLossIsNoticed(StoreView before) {
        Stored<NamespaceRecord> namespace = before.namespace().orElseThrow();
        assertThatThrownBy(() -> coordination.replace(
                        Replacement.ofNode(before.identity(), namespace, before.node(1), Coordination.node(1, 200))))
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining("may have lost records: its revision went back from ");
        StoreView after = coordination.read();
        assertThat(after.identity()).isNotEqualTo(before.identity());
        assertThat(after.namespace()).contains(namespace);
        assertThat(after.node(1).orElseThrow().record().end()).isEqualTo(30);
        assertThat(coordination.reserve(1, 300).applied()).isTrue();
        assertThat(coordination.read().identity()).isEqualTo(after.identity());
    }

    /** No process was there to see the revision go back; and here it does not go back. */
    @Test
    void aRestoredSnapshotIsNoticedByACoordinatorThatNeverSawTheStoreBefore() {
        StoreView before = coordination.read();
        coordination.close();
        server.restartFrom(server.snapshot());

        try (Coordination fresh = coordination.again(server)) {
            StoreView after = fresh.read();
            assertThat(after.identity()).isNotEqualTo(before.identity());
            assertThat(after.namespace()).isEqualTo(before.namespace());
            assertThat(fresh.read()).isEqualTo(after);

            server.restartFrom(server.snapshot());
            try (Coordination fresher = coordination.again(server)) {
                assertThat(fresher.read().identity()).isNotEqualTo(after.identity());
                assertThat(fresher.read().identity())
                        .isEqualTo(
                                fresh.readOnceRecovered(Coordination.RECOVERY).identity());
            }
        }
    }

    @Test
    void anotherClusterIsNoticed() {
        StoreView before = coordination.read();
        server.restartAsAnotherCluster();
        StoreView empty = coordination.read();
        assertThat(empty.namespace()).isEmpty();
        assertThat(empty.identity()).isNotEqualTo(before.identity()).endsWith(":restored");
        assertThat(empty.trace()).isEqualTo(Trace.UNKNOWN);
        assertThat(empty.identity().substring(0, 16))
                .isNotEqualTo(before.identity().substring(0, 16));
    }

    /** Data that was moved into another cluster still has the identity of the cluster that it came from. */
    @Test
    void dataOfAnotherClusterIsNoticed() {
        StoreView before = coordination.read();
        String moved = "0123456789abcdef" + before.identity().substring(16);
        server.put("/snowline/.identity", moved);
        try (Coordination fresh = coordination.again(server)) {
            assertThat(fresh.read().identity())
                    .isNotEqualTo(moved)
                    .startsWith(before.identity().substring(0, 16))
                    .endsWith(":restored");
        }
    }

    /** What the documentation tells an operator to write after a loss that Snowline cannot see. */
    @Test
    void anIdentityThatIsWrittenByHandIsReplacedByOneOfARestoredStore() throws IOException {
        String by = "0000000000000000:unknown:0000000000000000";
        assertThat(Files.readString(Path.of("..", "docs", "etcd.md"))).contains("put /snowline/.identity " + by);
        server.put("/snowline/.identity", by);
        try (Coordination other = Coordination.open(server)) {
            assertThat(other.read().identity()).endsWith(":restored");
            assertThat(other.read().trace()).isEqualTo(Trace.UNKNOWN);
        }
    }

    // ---- namespaces that are not in the store ----

    /** It was made after the backup, so that the restored store has neither its record nor its trace. */
    @Test
    void aNamespaceThatWasForgottenByARestoreBeginsAboveAllThatItMayHaveReserved() throws Exception {
        coordination.close();
        Path snapshot = server.snapshot();
        assertThat(floorMillis(Coordination.open(server))).isLessThan(System.currentTimeMillis());
        server.restartFrom(snapshot);

        assertThat(server.get("/snowline/orders")).isEmpty();
        assertThat(server.get("/.snowline-trace/snowline/orders")).isEmpty();
        long restoredMillis = System.currentTimeMillis();
        assertThat(floorMillis(Coordination.open(server))).isGreaterThan(restoredMillis + Drain.AHEAD.toMillis());
        assertThat(server.get("/.snowline-trace/snowline/orders")).isPresent();
    }

    /**
     * Issues IDs of a namespace that is not in the store.
     *
     * @return the time of the floor that it begins at, in milliseconds since 1970
     */
    private static long floorMillis(Coordination process) throws Exception {
        try (process;
                Drain drain = Drain.start(process.coordinator(), "orders")) {
            Await.until("IDs", SOON, () -> drain.issued().size() > 100);
            Stored<NamespaceRecord> namespace =
                    process.coordinator().read("orders").namespace().orElseThrow();
            long floorMillis = Drain.millis(namespace.record().floor());
            assertThat(drain.firstMillis()).isGreaterThanOrEqualTo(floorMillis);
            return floorMillis;
        }
    }

    @Test
    void aStepThatMakesAForgottenNamespaceIsRefusedIfItWasMadeAndDeletedMeanwhile() {
        server.restartFrom(server.snapshot());
        try (Coordination other = Coordination.open(server);
                Coordination held = new Coordination(coordination.again(server).coordinator(), other.namespace())) {
            StoreView before = held.read();
            assertThat(before.trace()).isEqualTo(Trace.UNKNOWN);
            Stored<NamespaceRecord> made = other.create();
            assertThat(server.get(other.traceKey())).contains(made.record().token());
            server.deleteAll(other.key());
            assertThat(held.read().trace()).isEqualTo(Trace.leftBy(made.record().token()));

            assertThat(held.replace(Replacement.ofNamespace(
                                    before.identity(),
                                    before.namespace(),
                                    Coordination.record(before.identity()),
                                    Optional.empty(),
                                    before.trace()))
                            .applied())
                    .isFalse();
        }
    }

    @Test
    void aProcessThatHasSeenAnotherHistoryTakesNoNamespaceForNewWhoeverBeganThisOne() {
        server.restartAsAnotherCluster();
        try (Coordination fresh = coordination.again(server)) {
            assertThat(fresh.read().identity()).doesNotEndWith(":restored");
            assertThat(fresh.read().trace()).isEqualTo(Trace.NONE);
            assertThat(coordination.read().trace()).isEqualTo(Trace.UNKNOWN);
        }
    }

    /** Even the traces are gone; but the same deletion removes the identity, which this process has seen. */
    @Test
    void everythingThatIsDeletedUnderARunningProcessIsLostAndNotNew() throws Exception {
        try (Coordination first = Coordination.open(server);
                Drain holder = Drain.start(first.coordinator(), "orders")) {
            Await.until("IDs", SOON, () -> !holder.issued().isEmpty());
            try (Drain waiting = Drain.start(coordination.coordinator(), "orders")) {
                Await.until("the other process to look for a node id", SOON, waiting::isWaiting);
                first.coordinator().close(); // so that it issues to the end of its window without renewing it
                server.deleteAll("/");
                Await.until(
                        "IDs of the other process", SOON, () -> waiting.issued().size() > 50_000);

                Set<Long> twice = new TreeSet<>(holder.issued());
                twice.retainAll(waiting.issued());
                assertThat(twice.size())
                        .as("IDs issued twice, of %d", holder.issued().size())
                        .isZero();
            }
        }
    }

    @Test
    void aNamespaceThatIsThereKeepsItsTraceInARestoredStore() {
        StoreView before = coordination.read();
        server.restartFrom(server.snapshot());
        StoreView after = coordination.read();
        assertThat(after.identity()).endsWith(":restored");
        assertThat(after.trace()).isEqualTo(before.trace());

        server.delete(coordination.traceKey());
        assertThat(coordination.read().trace()).isEqualTo(Trace.NONE);
    }

    @Test
    void anIdentityThatWasReplacedDoesNotComeBack() {
        StoreView before = coordination.read();
        server.delete("/snowline/.identity");
        StoreView after = coordination.read();
        server.put("/snowline/.identity", before.identity());
        assertThat(coordination.read().identity()).isNotIn(before.identity(), after.identity());
    }
}
