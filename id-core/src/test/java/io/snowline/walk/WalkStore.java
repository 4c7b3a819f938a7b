package io.snowline.walk;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A small exact store of one namespace, with a clock that stands still until a step moves it. */
final class WalkStore {

    private record Content(Optional<Stored<NamespaceRecord>> namespace, Map<Integer, Stored<NodeRecord>> nodes) {}

    /** Mistakes that a store may make, so that the walk can show that it notices them. */
    enum Slip {
        NONE,
        /** A step is applied whatever the records say at that time. */
        RECORDS_NOT_COMPARED,
        /** Records count as equal if their revisions are, which begin at 0 again when a namespace is created anew. */
        REVISIONS_COMPARED_ALONE,
        /** A step is applied whatever the trace says at that time. */
        TRACE_NOT_COMPARED
    }

    private Slip slip = Slip.NONE;
    private Content content = new Content(Optional.empty(), Map.of());
    private Content replica = content;
    private boolean keepsTraces;
    private boolean hasClock = true;
    private Trace trace = Trace.NONE;
    private int identity;
    private Instant time;
    private @Nullable String lockedBy;
    private final Set<Long> ledger = new HashSet<>();

    WalkStore(Instant time) {
        this.time = time;
    }

    // ---- what happens to it ----

    void keepTraces() {
        keepsTraces = true;
    }

    void haveNoClock() {
        hasClock = false;
    }

    /** Writes a namespace record that was made long ago, so that walks need not begin by creating one. */
    void prepare(NamespaceRecord record) {
        trace = Trace.leftBy(record.token());
        content = new Content(Optional.of(new Stored<>(record, 0)), Map.of());
        replica = content;
    }

    void slip(Slip habit) {
        slip = habit;
    }

    void pass(Duration step) {
        time = time.plus(step);
    }

    /** Everything is gone, and the server is the same (Redis: FLUSHALL). */
    void wipe() {
        content = new Content(Optional.empty(), Map.of());
        ledger.clear();
        lockedBy = null;
    }

    /** An operator deletes the records; the trace is kept elsewhere. */
    void delete() {
        content = new Content(Optional.empty(), Map.of());
    }

    /** Another server goes on from its copy: everything written later is lost. Its clock is off as well. */
    void failOver(Duration clocksDiffer) {
        content = replica;
        identity++;
        time = time.plus(clocksDiffer);
        ledger.clear();
        lockedBy = null;
    }

    boolean locked() {
        return lockedBy != null;
    }

    void lockExpires() {
        lockedBy = null;
    }

    // ---- what it does ----

    String identity() {
        return "server-" + identity;
    }

    StoreView read() {
        return view(content.nodes, keepsTraces ? trace : Trace.UNKNOWN);
    }

    Replaced replace(Replacement step) {
        boolean applied = holds(step);
        if (applied) {
            Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>(content.nodes);
            step.node()
                    .ifPresent(change -> nodes.put(
                            change.next().node(),
                            after(Optional.ofNullable(nodes.get(change.next().node())), change.next())));
            Optional<Stored<NamespaceRecord>> namespace = step.namespace().map(next -> after(content.namespace, next));
            content = new Content(namespace.or(content::namespace), nodes);
            step.namespace().ifPresent(next -> trace = Trace.leftBy(next.token()));
        }
        Map<Integer, Stored<NodeRecord>> concerned = new HashMap<>();
        step.node()
                .map(change -> content.nodes.get(change.next().node()))
                .ifPresent(stored -> concerned.put(stored.record().node(), stored));
        return new Replaced(applied, view(concerned, Trace.UNKNOWN));
    }

    private static <R extends Record> Stored<R> after(Optional<Stored<R>> before, R next) {
        return new Stored<>(
                next, before.map(Stored::revision).map(revision -> revision + 1).orElse(0L));
    }

    private boolean holds(Replacement step) {
        return inTime(step)
                && step.identity().equals(identity())
                && (slip == Slip.RECORDS_NOT_COMPARED || (same(step.expected(), content.namespace) && nodeHolds(step)))
                && (!keepsTraces || slip == Slip.TRACE_NOT_COMPARED || traceHolds(step));
    }

    private <R extends Record> boolean same(Optional<Stored<R>> expected, Optional<Stored<R>> there) {
        return slip == Slip.REVISIONS_COMPARED_ALONE
                ? expected.map(Stored::revision).equals(there.map(Stored::revision))
                : expected.equals(there);
    }

    /** A step that does not change the namespace record need not name its trace. */
    private boolean traceHolds(Replacement step) {
        return step.trace().equals(trace)
                || (step.trace().equals(Trace.UNKNOWN) && step.namespace().isEmpty());
    }

    private boolean inTime(Replacement step) {
        return step.notAfter().filter(time::isAfter).isEmpty();
    }

    private boolean nodeHolds(Replacement step) {
        return step.node()
                .filter(change -> !same(
                        change.expected(),
                        Optional.ofNullable(content.nodes.get(change.next().node()))))
                .isEmpty();
    }

    private StoreView view(Map<Integer, Stored<NodeRecord>> nodes, Trace left) {
        return new StoreView(
                content.namespace, nodes, identity(), hasClock ? Optional.of(time) : Optional.empty(), left);
    }

    boolean tryLock(String token) {
        boolean free = lockedBy == null;
        lockedBy = free ? token : lockedBy;
        return free;
    }

    boolean unlock(String token) {
        boolean held = token.equals(lockedBy);
        lockedBy = held ? null : lockedBy;
        return held;
    }

    /** Records IDs, and returns those that were there before. */
    long[] record(long[] ids) {
        List<Long> refused = new ArrayList<>();
        for (long id : ids) {
            if (!ledger.add(id)) {
                refused.add(id);
            }
        }
        return refused.stream().mapToLong(Long::longValue).toArray();
    }
}
