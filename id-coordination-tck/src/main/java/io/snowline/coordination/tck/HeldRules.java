package io.snowline.coordination.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.Replacement.NodeChange;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Steps that are held before their first request, their second and so on, while the namespace is deleted and created
 * again in the same shape, so that any counters of the backend (versions, revisions) may reach the same values.
 */
abstract class HeldRules extends Rules {

    private static final int NODE = 7;
    private static final long HELD_MARK = 600_000;

    /** A step takes a handful of requests, or a few dozen file operations. */
    private static final int MOST_REQUESTS = 300;

    /**
     * A step that is held while it has a lock blocks the others: they count as blocked after this many times their
     * usual duration, and not before a busy machine would have let a short one end.
     */
    private static final int PATIENCE = 2;

    private static final long LEAST_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Checkpoint checkpoint = new Checkpoint();
    private long patienceNanos;

    HeldRules(NodeCoordinatorContract hooks) {
        super(hooks);
    }

    @Test
    @DisplayName(
            "C11 trace: a node change held before any of its requests, while the namespace is deleted and made anew, is refused (P1)")
    public final void aHeldNodeChangeIsRefused() throws Exception {
        holdEachRequest(HeldRules::makeWithNode, seen -> nodeStep(seen, heldNode()), this::deleteAndMakeWithNode);
    }

    @Test
    @DisplayName(
            "C11 trace: a first node change held before any of its requests, while the namespace is made anew, is refused (P1)")
    public final void aHeldFirstNodeChangeIsRefused() throws Exception {
        holdEachRequest(HeldRules::make, seen -> nodeStep(seen, heldNode()), this::deleteAndMake);
    }

    @Test
    @DisplayName(
            "C11 trace: a namespace change held before any of its requests, while the namespace is made anew, is refused (P8)")
    public final void aHeldNamespaceChangeIsRefused() throws Exception {
        holdEachRequest(
                HeldRules::makeWithNode,
                seen -> namespaceStep(seen, Samples.namespaceRecord(seen.identity(), HELD_MARK)),
                this::deleteAndMakeWithNode);
    }

    @Test
    @DisplayName(
            "C11 trace: a step held before any of its requests, while the namespace is deleted, writes nothing (P1, P8)")
    public final void aHeldStepDoesNotRaiseTheDead() throws Exception {
        holdEachRequest(HeldRules::makeWithNode, seen -> nodeStep(seen, heldNode()), this::delete);
        holdEachRequest(
                HeldRules::makeWithNode,
                seen -> doubleStep(seen, Samples.namespaceRecord(seen.identity(), HELD_MARK), heldNode()),
                this::delete);
    }

    @Test
    @DisplayName(
            "C11 trace: a creation held before any of its requests, while another makes the namespace, is refused (P8, P9)")
    public final void aHeldCreationIsRefused() throws Exception {
        holdEachRequest((one, name) -> {}, HeldRules::creation, HeldRules::makeWithNode);
    }

    @Test
    @DisplayName(
            "C11 trace: a creation held before any of its requests, while the namespace is made and deleted, is refused (P8)")
    public final void aHeldCreationIsRefusedAfterADeletion() throws Exception {
        assumeHas(Feature.TRACE);
        holdEachRequest((one, name) -> {}, HeldRules::creation, this::makeAndDelete);
        holdEachRequest(this::makeAndDelete, HeldRules::creation, this::makeAndDelete);
    }

    @Test
    @DisplayName(
            "C11 trace: a read held before any of its requests, while another makes the namespace, shows no trace newer than its records (P8)")
    public final void aHeldReadTellsNoTraceNewerThanItsRecords() throws Exception {
        assumeHas(Feature.TRACE);
        for (Deed before : List.<Deed>of((one, name) -> {}, this::makeAndDelete)) {
            holdEachRequestOfARead(before, (held, name) -> held.read(name));
            holdEachRequestOfARead(before, (held, name) -> held.read(name, new NodeIdRange(NODE, NODE)));
        }
    }

    private void holdEachRequestOfARead(Deed before, BiFunction<NodeCoordinator, String, StoreView> read)
            throws Exception {
        NodeCoordinator held = openHeld(checkpoint);
        int request = 1;
        while (holdRequestOfARead(request, held, before, read)) {
            request++;
            assertThat(request).as("requests of one read").isLessThan(MOST_REQUESTS);
        }
        assertThat(request).as("requests of one read, and one").isGreaterThan(1);
    }

    private boolean holdRequestOfARead(
            int request, NodeCoordinator held, Deed before, BiFunction<NodeCoordinator, String, StoreView> read)
            throws Exception {
        String name = Samples.freshNamespace();
        before.run(coordinator(), name);
        assertThat(held.read(name).namespace()).as("namespace record").isEmpty();
        Trace old = coordinator().read(name).trace();
        checkpoint.holdFrom(request);
        Task<StoreView> answer = Task.start(() -> read.apply(held, name));
        try {
            if (!checkpoint.awaitHeldOr(answer)) {
                return false;
            }
            makeWithNode(coordinator(), name);
        } finally {
            checkpoint.letGo();
        }
        StoreView view = answer.result();
        if (view.namespace().isEmpty()) {
            assertThat(view.trace())
                    .as("trace with no namespace record, in a read that was held before its request %s", request)
                    .isEqualTo(old);
        }
        return true;
    }

    private static NodeRecord heldNode() {
        return Samples.nodeRecord(NODE, HELD_MARK);
    }

    private static Replacement creation(StoreView seen) {
        return namespaceStep(seen, Samples.namespaceRecord(seen.identity(), HELD_MARK));
    }

    // ---- actions before, and meanwhile ----

    /** An action on a namespace. */
    @FunctionalInterface
    private interface Deed {
        void run(NodeCoordinator one, String name) throws Exception;
    }

    private static void make(NodeCoordinator one, String name) {
        StoreView seen = one.read(name);
        applied(one.replace(name, namespaceStep(seen, Samples.namespaceRecord(seen.identity(), 1))));
    }

    private static void makeWithNode(NodeCoordinator one, String name) {
        make(one, name);
        for (long end = 1000; end <= 3000; end += 1000) {
            applied(one.replace(name, nodeStep(one.read(name), Samples.nodeRecord(NODE, end))));
        }
    }

    private void delete(NodeCoordinator one, String name) throws Exception {
        hooks().deleteNamespace(name);
    }

    private void deleteAndMake(NodeCoordinator one, String name) throws Exception {
        hooks().deleteNamespace(name);
        make(one, name);
    }

    private void deleteAndMakeWithNode(NodeCoordinator one, String name) throws Exception {
        hooks().deleteNamespace(name);
        makeWithNode(one, name);
    }

    private void makeAndDelete(NodeCoordinator one, String name) throws Exception {
        makeWithNode(one, name);
        hooks().deleteNamespace(name);
    }

    // ---- holding ----

    private void holdEachRequest(Deed before, Function<StoreView, Replacement> step, Deed meanwhile) throws Exception {
        NodeCoordinator held = openHeld(checkpoint);
        int request = 1;
        while (holdRequest(request, held, before, step, meanwhile)) {
            request++;
            assertThat(request).as("requests of one step").isLessThan(MOST_REQUESTS);
        }
        assertThat(request)
                .as("requests of one step, each of which must come by openHeld's task, and one")
                .isGreaterThan(1);
    }

    /** Returns whether the step had that many requests; one that had fewer was not held, and must have been applied. */
    private boolean holdRequest(
            int request, NodeCoordinator held, Deed before, Function<StoreView, Replacement> step, Deed deed)
            throws Exception {
        String name = Samples.freshNamespace();
        before.run(coordinator(), name);
        Replacement late = step.apply(held.read(name));
        checkpoint.holdFrom(request);
        Task<Outcome> answer = Task.start(() -> outcome(held, name, late));
        try {
            if (!checkpoint.awaitHeldOr(answer)) {
                assertThat(answer.result()).as("outcome, when nothing is held").isEqualTo(Outcome.APPLIED);
                return false;
            }
            Task<Seen> meanwhile = Task.start(() -> meanwhile(name, late, deed));
            if (isSoonDone(meanwhile, request)) {
                checkpoint.letGo();
                assertHarmless(request, name, answer.result(), meanwhile.result());
            } else {
                checkpoint.letGo();
                assertOrderly(name, answer, meanwhile);
            }
            return true;
        } finally {
            checkpoint.letGo();
        }
    }

    /** The outcome of a step, as told to its caller. */
    private enum Outcome {
        APPLIED,
        REFUSED,
        UNKNOWN
    }

    private static Outcome outcome(NodeCoordinator held, String name, Replacement step) {
        try {
            return held.replace(name, step).applied() ? Outcome.APPLIED : Outcome.REFUSED;
        } catch (CoordinatorUnavailableException e) {
            return Outcome.UNKNOWN;
        }
    }

    /**
     * The observations of another coordinator while the step was held.
     *
     * @param applied whether the step had already been applied
     * @param last the view at the end
     */
    private record Seen(boolean applied, StoreView last) {}

    private Seen meanwhile(String name, Replacement late, Deed deed) throws Exception {
        StoreView first = coordinator().read(name);
        assertTraced(first, "while a step is held");
        boolean applied = isWritten(late, first);
        if (!applied) {
            deed.run(coordinator(), name);
        }
        return new Seen(applied, coordinator().read(name));
    }

    private static boolean isWritten(Replacement step, StoreView view) {
        Optional<NamespaceRecord> namespace = view.namespace().map(Stored::record);
        Optional<NodeRecord> node = view.node(NODE).map(Stored::record);
        return (step.namespace().isPresent() && step.namespace().equals(namespace))
                || (step.node().isPresent() && step.node().map(NodeChange::next).equals(node));
    }

    /** A step that is held before its first request blocks no other, and shows how long the others take. */
    private boolean isSoonDone(Task<Seen> meanwhile, int request) throws Exception {
        if (request > 1) {
            return meanwhile.isDoneWithin(patienceNanos);
        }
        long begin = System.nanoTime();
        var unused = meanwhile.result();
        patienceNanos = Math.max(LEAST_PATIENCE_NANOS, PATIENCE * (System.nanoTime() - begin));
        return true;
    }

    private void assertHarmless(int request, String name, Outcome outcome, Seen seen) {
        String when = "after a step that was held before its request %s".formatted(request);
        if (!seen.applied()) {
            assertThat(outcome).as("outcome, %s", when).isNotEqualTo(Outcome.APPLIED);
        }
        StoreView after = coordinator().read(name);
        assertSameRecords(after, seen.last(), when);
        if (outcome != Outcome.UNKNOWN || after.namespace().isPresent()) {
            assertThat(after.trace())
                    .as("trace, %s", when)
                    .isEqualTo(seen.last().trace());
        } else if (has(Feature.TRACE)) {
            // A trace written before its record tells that the namespace is lost, which it is.
            assertThat(after.trace()).as("trace, %s", when).isNotEqualTo(Trace.NONE);
        }
    }

    /** If the held step kept the others waiting, any order may result; each of them must end. */
    private void assertOrderly(String name, Task<Outcome> answer, Task<Seen> meanwhile) throws Exception {
        var unused = answer.result();
        Optional<Throwable> failure = meanwhile.failure();
        if (failure.isPresent()) {
            assertThat(failure.get())
                    .as("how the others were refused")
                    .isInstanceOfAny(AssertionError.class, CoordinatorUnavailableException.class);
        }
        assertTraced(coordinator().read(name), "after a step that kept the others waiting");
    }

    /** Checks that no namespace record lacks a trace: it would be taken for new once it is deleted. */
    private void assertTraced(StoreView view, String when) {
        if (has(Feature.TRACE) && view.namespace().isPresent()) {
            assertThat(view.trace())
                    .as("trace of a namespace record that is there, %s", when)
                    .isNotEqualTo(Trace.NONE);
        }
    }
}
