package io.snowline.coordination.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class TraceRules extends Rules {

    private static final int NODE = 7;
    private static final NodeIdRange PART = new NodeIdRange(NODE, NODE + 4);

    TraceRules(NodeCoordinatorContract hooks) {
        super(hooks);
    }

    @Test
    @DisplayName("C11 trace: a namespace that was never made has none (P8)")
    public final void aNewNamespaceHasNone() {
        write(Samples.freshNamespace());

        assertTrace(Trace.NONE, "of a namespace that was never made");
        assertThat(read().namespace()).as("namespace record, after reading").isEmpty();
        assertTrace(Trace.NONE, "after reading a namespace that was never made");
    }

    @Test
    @DisplayName(
            "C11 trace: a step that names the trace writes its namespace record and the new trace, both reads tell it (P8)")
    public final void recordAndTraceAreWritten() {
        for (int floor = 0; floor < 3; floor++) {
            NamespaceRecord next = Samples.namespaceRecord(identity(), floor);
            write(next);

            assertThat(read().namespace().map(Stored::record))
                    .as("namespace record")
                    .contains(next);
            assertTrace(Trace.leftBy(next.token()), "after a step that named it");
        }
        NamespaceRecord last = Samples.namespaceRecord(identity(), 9);
        NodeRecord node = Samples.nodeRecord(NODE, 100);
        applied(replace(doubleStep(read(), last, node)));

        assertThat(read().namespace().map(Stored::record))
                .as("namespace record, after a step of both")
                .contains(last);
        assertThat(read().node(NODE).map(Stored::record))
                .as("node record, after a step of both")
                .contains(node);
        assertTrace(Trace.leftBy(last.token()), "after a step of both");
        write(Samples.nodeRecord(NODE, 200));
        assertTrace(Trace.leftBy(last.token()), "after a step on a node record");
    }

    @Test
    @DisplayName("C11 trace: a step that names another trace than the backend's is refused and writes nothing (P8)")
    public final void anotherTraceIsRefused() throws Exception {
        for (Life life : Life.values()) {
            String name = Samples.freshNamespace();
            List<Trace> traces = new ArrayList<>(List.of(Trace.NONE, Trace.leftBy(Samples.token())));
            traces.addAll(live(name, life));
            StoreView seen = coordinator().read(name);
            traces.remove(seen.trace());
            for (Trace other : traces) {
                StoreView misled = with(seen, other);
                NamespaceRecord next = Samples.namespaceRecord(seen.identity(), 900);
                assertRefused(name, namespaceStep(misled, next), "a trace of another kind, " + life);
                assertRefused(name, doubleStep(misled, next, Samples.nodeRecord(NODE, 900)), "both, " + life);
            }
            applied(coordinator().replace(name, namespaceStep(seen, Samples.namespaceRecord(seen.identity(), 901))));
        }
    }

    @Test
    @DisplayName(
            "C11 trace: a step that names no trace leaves it as it is, and a record without one can be given one (P8)")
    public final void aStepThatNamesNoneLeavesIt() throws Exception {
        for (Life life : Life.values()) {
            String name = Samples.freshNamespace();
            live(name, life);
            StoreView seen = coordinator().read(name);
            NamespaceRecord next = Samples.namespaceRecord(seen.identity(), 900);
            applied(coordinator().replace(name, namespaceStep(with(seen, Trace.UNKNOWN), next)));

            StoreView after = coordinator().read(name);
            assertThat(after.namespace().map(Stored::record))
                    .as("namespace record, %s", life)
                    .contains(next);
            assertThat(after.trace())
                    .as("trace after a step that named none, %s", life)
                    .isEqualTo(seen.trace());
            NamespaceRecord given = Samples.withFreshToken(next);
            applied(coordinator().replace(name, namespaceStep(after, given)));
            assertThat(coordinator().read(name).trace())
                    .as("trace after a step that named it again, %s", life)
                    .isEqualTo(expected(Trace.leftBy(given.token())));
        }
    }

    @Test
    @DisplayName("C11 trace: it outlives the records, however they are deleted, and a restart of the backend (P8)")
    public final void outlivesTheRecords() throws Exception {
        Trace left = Trace.leftBy(fixNamespace().record().token());
        write(Samples.nodeRecord(NODE, 100));
        hooks().deleteNamespace(namespace);

        assertGone();
        assertTrace(left, "after the records were deleted");
        reopen();
        assertGone();
        assertTrace(left, "after the records were deleted, opened again");
        hooks().stop();
        hooks().start();
        var unused = readAgain();
        assertGone();
        assertTrace(left, "after the records were deleted and the backend was restarted");
        NamespaceRecord next = Samples.namespaceRecord(identity(), 9);
        write(next);
        assertTrace(Trace.leftBy(next.token()), "after the namespace was made anew");
    }

    @Test
    @DisplayName(
            "C11 trace: nothing that was read before a deletion is replaced after it, nor after the namespace is made anew (P8)")
    public final void nothingFromBeforeADeletionIsReplaced() throws Exception {
        write(namespace);
        StoreView before = read();
        hooks().deleteNamespace(namespace);

        assertOldStepsRefused(before, "the namespace was deleted");
        StoreView deleted = read();
        write(namespace);
        assertOldStepsRefused(before, "the namespace was deleted and made anew");
        assertOldStepsRefused(deleted, "the namespace was made anew");
        StoreView now = read();
        if (has(Feature.TRACE)) {
            NamespaceRecord next = Samples.namespaceRecord(now.identity(), 900);
            assertRefused(namespace, namespaceStep(with(now, before.trace()), next), "the trace is a former one");
        }
        StoreView oldNode = new StoreView(now.namespace(), before.nodes(), now.identity(), now.time());
        assertRefused(namespace, nodeStep(oldNode, Samples.nodeRecord(NODE, 900)), "the node record is a former one");
    }

    @Test
    @DisplayName("C11 trace: of many that find a namespace deleted, exactly one makes it anew (P8)")
    public final void oneMakesItAnew() throws Exception {
        int threads = 8;
        List<NodeCoordinator> coordinators = open(4);
        for (int round = 0; round < 10; round++) {
            String name = Samples.freshNamespace();
            write(name);
            hooks().deleteNamespace(name);
            StoreView seen = coordinator().read(name);
            List<NamespaceRecord> made =
                    Together.run(threads, thread -> creation(coordinators.get(thread % 4), name, seen)).stream()
                            .flatMap(Optional::stream)
                            .toList();

            assertThat(made)
                    .as("namespace records that were written, of %s that found it deleted", threads)
                    .hasSize(1);
            assertThat(coordinator().read(name).trace())
                    .as("trace of the one that was written")
                    .isEqualTo(expected(Trace.leftBy(made.get(0).token())));
        }
    }

    @Test
    @DisplayName("C11 trace: those of namespaces with similar names do not touch each other")
    public final void tracesAreApart() throws Exception {
        List<String> names = List.of(
                namespace,
                namespace + ".traces",
                namespace + "-b",
                namespace + "1",
                namespace.substring(0, namespace.length() - 1));
        for (String name : names) {
            assertThat(coordinator().read(name).trace())
                    .as("trace of the new namespace %s", name)
                    .isEqualTo(expected(Trace.NONE));
            StoreView made = write(name);
            hooks().deleteNamespace(name);
            assertThat(coordinator().read(name).trace())
                    .as("trace of %s, deleted", name)
                    .isEqualTo(expected(
                            Trace.leftBy(made.namespace().orElseThrow().record().token())));
        }
    }

    /** The history of a namespace. */
    private enum Life {
        NEW,
        MADE,
        DELETED,
        MADE_ANEW
    }

    /** Takes a namespace through its history, and returns the traces that it has left on the way. */
    private List<Trace> live(String name, Life life) throws Exception {
        List<Trace> left = new ArrayList<>();
        if (life != Life.NEW) {
            left.addAll(make(name));
        }
        if (life == Life.DELETED || life == Life.MADE_ANEW) {
            hooks().deleteNamespace(name);
        }
        if (life == Life.MADE_ANEW) {
            left.addAll(make(name));
        }
        return left;
    }

    private List<Trace> make(String name) {
        List<Trace> left = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            left.add(Trace.leftBy(write(name).namespace().orElseThrow().record().token()));
        }
        return left;
    }

    /** Writes a namespace record and a node record over the existing ones, if any. */
    private StoreView write(String name) {
        NodeCoordinator one = coordinator();
        StoreView seen = one.read(name);
        applied(one.replace(name, namespaceStep(seen, Samples.namespaceRecord(seen.identity(), 1))));
        applied(one.replace(name, nodeStep(one.read(name), Samples.nodeRecord(NODE, 100))));
        return one.read(name);
    }

    private static Callable<Optional<NamespaceRecord>> creation(NodeCoordinator one, String name, StoreView seen) {
        NamespaceRecord mine = Samples.namespaceRecord(seen.identity(), 5);
        return () -> one.replace(name, namespaceStep(seen, mine)).applied() ? Optional.of(mine) : Optional.empty();
    }

    private static StoreView with(StoreView seen, Trace trace) {
        return new StoreView(seen.namespace(), seen.nodes(), seen.identity(), seen.time(), trace);
    }

    private void assertOldStepsRefused(StoreView before, String why) {
        NamespaceRecord next = Samples.namespaceRecord(before.identity(), 900);
        NodeRecord node = Samples.nodeRecord(NODE, 900);
        assertRefused(namespace, namespaceStep(before, next), why);
        assertRefused(namespace, doubleStep(before, next, node), why);
        if (before.namespace().isPresent()) {
            assertRefused(namespace, nodeStep(before, node), why);
        }
    }

    private void assertRefused(String name, Replacement step, String why) {
        StoreView before = coordinator().read(name);
        assertThat(coordinator().replace(name, step).applied())
                .as("applied, with trace %s where it is %s: %s", step.trace(), before.trace(), why)
                .isFalse();
        StoreView after = coordinator().read(name);
        assertSameRecords(after, before, "after a step that was refused: " + why);
        assertThat(after.trace())
                .as("trace, after a step that was refused: %s", why)
                .isEqualTo(before.trace());
    }

    private void assertGone() {
        assertThat(read().namespace()).as("namespace record, deleted").isEmpty();
        assertThat(read().nodes()).as("node records, deleted").isEqualTo(Map.of());
    }

    /**
     * Checks the trace in both kinds of read, of an old coordinator and of a new one; a backend that keeps no trace
     * must say so.
     */
    private void assertTrace(Trace trace, String when) {
        for (NodeCoordinator one : List.of(coordinator(), open())) {
            assertThat(one.read(namespace).trace()).as("trace, %s", when).isEqualTo(expected(trace));
            assertThat(one.read(namespace, PART).trace())
                    .as("trace as a read of some node ids tells it, %s", when)
                    .isEqualTo(expected(trace));
        }
    }

    private Trace expected(Trace trace) {
        return has(Feature.TRACE) ? trace : Trace.UNKNOWN;
    }
}
