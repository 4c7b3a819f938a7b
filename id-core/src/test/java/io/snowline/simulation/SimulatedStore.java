package io.snowline.simulation;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One server of a backend: an exact compare-and-set, locks, a ledger, a clock of its own that may be off, traces where its kind
 * keeps them, and an operator who wipes it, deletes a namespace, restores it from an old copy, or makes it the replica of another.
 */
final class SimulatedStore {

    /** By how much a trace is read later than the records, if that mistake is made. */
    private static final long TORN_READ_MILLIS = 100;

    private record Held(String token, long untilMillis) {}

    /** What a server has of one namespace, except its trace. */
    private static final class Content {
        @Nullable
        Stored<NamespaceRecord> namespace;

        long madeAtMillis;
        final Map<Integer, Stored<NodeRecord>> nodes = new TreeMap<>();
        final Map<String, Held> locks = new TreeMap<>();
        final Map<Long, Object> ledger = new HashMap<>();

        Content copy() {
            Content copy = new Content();
            copy.namespace = namespace;
            copy.madeAtMillis = madeAtMillis;
            copy.nodes.putAll(nodes);
            copy.locks.putAll(locks);
            copy.ledger.putAll(ledger);
            return copy;
        }
    }

    /** All that a server has, as a backup takes it. Traces are kept where a deletion of records does not reach them. */
    private static final class Disk {
        final Map<String, Content> contents = new TreeMap<>();
        final Map<String, String> traces = new TreeMap<>();

        Disk copy() {
            Disk copy = new Disk();
            contents.forEach((namespace, content) -> copy.contents.put(namespace, content.copy()));
            copy.traces.putAll(traces);
            return copy;
        }
    }

    final String name;
    final SimulatedClock clock;
    private final Timeline timeline;
    private final SimulatedBackend.Kind kind;
    private final Mistake mistake;
    private final long skewMillis;
    private Disk disk = new Disk();
    private Disk saved = new Disk();
    private boolean restored;
    private long runId;
    private long replicationId;
    private boolean up = true;

    /**
     * @param skewMillis by how much the clock may be ahead of true time, whatever is done to it; negative: by anything
     */
    SimulatedStore(String name, Timeline timeline, SimulatedBackend.Kind kind, Mistake mistake, long skewMillis) {
        this.name = name;
        this.timeline = timeline;
        this.kind = kind;
        this.mistake = mistake;
        this.skewMillis = skewMillis;
        this.clock = new SimulatedClock(timeline, timeline.chance(0.5) ? 0 : Math.max(skewMillis, 0));
        restarted();
    }

    // ---- what an operator, or bad luck, does to it ----

    void up(boolean isUp) {
        up = isUp;
    }

    boolean isUp() {
        return up;
    }

    void save() {
        saved = disk.copy();
    }

    void restartFromSaved() {
        disk = saved.copy();
        restored = true;
        restarted();
    }

    /** Starts from a backup from before the first use: it has an identity, which is replaced, and nothing else. */
    void restartEmpty() {
        disk = new Disk();
        restored = true;
        restarted();
    }

    /** Loses everything, and does not know it. */
    void flush() {
        disk = new Disk();
    }

    /** An operator deletes the records of a namespace. */
    void delete(String namespace) {
        disk.contents.remove(namespace);
        if (mistake == Mistake.TRACE_DELETED_WITH_THE_RECORDS) {
            disk.traces.remove(namespace);
        }
    }

    void loseANodeRecord() {
        for (Content content : disk.contents.values()) {
            content.nodes.keySet().stream().findFirst().ifPresent(content.nodes::remove);
        }
    }

    private void restarted() {
        SplittableRandom random = timeline.random();
        runId = random.nextLong() >>> 1;
        replicationId = random.nextLong() >>> 1;
    }

    void promoted() {
        replicationId = timeline.random().nextLong() >>> 1;
        restored = true;
        up = true;
    }

    void copyFrom(SimulatedStore other) {
        disk = other.disk.copy();
    }

    long unixMillis() {
        long trueMillis = Math.floorDiv(timeline.unixNanos(), 1_000_000);
        return skewMillis < 0
                ? clock.millis()
                : Math.max(trueMillis, Math.min(trueMillis + skewMillis, clock.millis()));
    }

    private String identity() {
        if (!kind.hasIdentity()) {
            return "";
        }
        return mistake == Mistake.IDENTITY_BY_RUN_ID_ALONE ? "run-" + runId : "run-" + runId + ":" + replicationId;
    }

    // ---- records ----

    StoreView read(String namespace) {
        requireUp();
        Content there = content(namespace);
        boolean torn = mistake == Mistake.TRACE_READ_LAST
                && there.namespace != null
                && timeline.nowMillis() - there.madeAtMillis < TORN_READ_MILLIS;
        Content content = torn ? new Content() : there;
        return view(content, content.nodes, trace(disk, namespace));
    }

    /**
     * Reads what was saved some time ago: a read may be stale, and its trace even more so, since that is read first.
     */
    StoreView readStale(String namespace) {
        requireUp();
        Content old = saved.contents.getOrDefault(namespace, new Content());
        Content content = timeline.chance(0.3) ? content(namespace) : old;
        return view(content, content.nodes, trace(saved, namespace));
    }

    Replaced replace(String namespace, Replacement step, SimulatedProcess by) {
        requireUp();
        Content content = content(namespace);
        boolean applied = holds(content, step) && traceHolds(namespace, step);
        timeline.seen(applied ? 1 : 2);
        if (applied) {
            step.namespace().ifPresent(record -> {
                write(content, record, by, trace(disk, namespace).equals(Trace.NONE));
                leaveTrace(namespace, step, record);
            });
            step.node().ifPresent(change -> write(content, change.next(), by));
        }
        Map<Integer, Stored<NodeRecord>> concerned = new TreeMap<>(content.nodes);
        concerned
                .keySet()
                .retainAll(
                        step.node().stream().map(change -> change.next().node()).toList());
        return new Replaced(applied, view(content, concerned, Trace.UNKNOWN));
    }

    private void write(Content content, NamespaceRecord next, SimulatedProcess by, boolean isNew) {
        timeline.note(() -> "%s: %s sets incarnation %d, floor %d, ahead %s, usable from %s"
                .formatted(
                        name,
                        by,
                        next.incarnation(),
                        next.floor(),
                        next.ahead(),
                        next.usableFrom().orElseThrow()));
        Stored<NamespaceRecord> before = content.namespace;
        content.madeAtMillis = before == null ? timeline.nowMillis() : content.madeAtMillis;
        content.namespace = new Stored<>(next, revisionAfter(before));
        by.auditor().namespaceWritten(by, next, isNew);
    }

    private void write(Content content, NodeRecord next, SimulatedProcess by) {
        Stored<NodeRecord> before = content.nodes.get(next.node());
        content.nodes.put(next.node(), new Stored<>(next, revisionAfter(before)));
        NamespaceRecord namespace = content.namespace == null ? null : content.namespace.record();
        by.auditor().written(by, namespace, before == null ? null : before.record(), next, capMillis(namespace));
    }

    /** The latest instant that any window written now may reach: P4, by this server's clock. */
    private long capMillis(@Nullable NamespaceRecord namespace) {
        return kind.hasClock() && namespace != null
                ? unixMillis() + namespace.ahead().toMillis()
                : Long.MAX_VALUE;
    }

    /** Revisions begin at 0 again when a namespace is created anew. */
    private static long revisionAfter(@Nullable Stored<?> before) {
        return before == null ? 0 : before.revision() + 1;
    }

    private boolean holds(Content content, Replacement step) {
        return inTime(step)
                && step.identity().equals(identity())
                && (mistake == Mistake.NAMESPACE_RECORD_NOT_COMPARED || same(step.expected(), content.namespace))
                && (mistake == Mistake.NODE_RECORD_NOT_COMPARED
                        || step.node()
                                .map(change -> same(
                                        change.expected(),
                                        content.nodes.get(change.next().node())))
                                .orElse(true));
    }

    private <R extends Record> boolean same(Optional<Stored<R>> expected, @Nullable Stored<R> there) {
        return mistake == Mistake.REVISIONS_COMPARED_ALONE
                ? expected.map(Stored::revision)
                        .equals(Optional.ofNullable(there).map(Stored::revision))
                : expected.equals(Optional.ofNullable(there));
    }

    private boolean traceHolds(String namespace, Replacement step) {
        if (!kind.keepsTraces() || mistake == Mistake.TRACE_NOT_COMPARED) {
            return true;
        }
        Optional<String> left = Optional.ofNullable(disk.traces.get(namespace));
        return switch (step.trace().kind()) {
            case NONE -> left.isEmpty();
            case LEFT -> left.equals(Optional.of(step.trace().token()));
            case UNKNOWN -> !makesForgotten(step) || left.isEmpty();
        };
    }

    /**
     * After a restore nothing is known about the trace of a missing namespace; but there is none, and the namespace
     * gets one.
     */
    private boolean makesForgotten(Replacement step) {
        return kind.keepsTraces()
                && step.namespace().isPresent()
                && step.expected().isEmpty();
    }

    private void leaveTrace(String namespace, Replacement step, NamespaceRecord record) {
        if (!kind.keepsTraces() || (step.trace().equals(Trace.UNKNOWN) && !makesForgotten(step))) {
            return;
        }
        if (mistake == Mistake.TRACE_WRITTEN_APART) {
            if (timeline.chance(0.5)) {
                timeline.after(timeline.between(1, 2_000), () -> disk.traces.put(namespace, record.token()));
            }
        } else {
            disk.traces.put(namespace, record.token());
        }
    }

    private Trace trace(Disk of, String namespace) {
        String token = of.traces.get(namespace);
        if (token != null) {
            return Trace.leftBy(token);
        }
        return kind.keepsTraces() && !restored ? Trace.NONE : Trace.UNKNOWN;
    }

    private boolean inTime(Replacement step) {
        return !kind.hasClock()
                || mistake == Mistake.LATE_STEP_APPLIED
                || step.notAfter().isEmpty()
                || unixMillis() <= step.notAfter().get().toEpochMilli();
    }

    private StoreView view(Content content, Map<Integer, Stored<NodeRecord>> nodes, Trace trace) {
        return new StoreView(
                Optional.ofNullable(content.namespace),
                nodes,
                identity(),
                kind.hasClock() ? Optional.of(Instant.ofEpochMilli(unixMillis())) : Optional.empty(),
                trace);
    }

    private Content content(String namespace) {
        return disk.contents.computeIfAbsent(namespace, key -> new Content());
    }

    private void requireUp() {
        if (!up) {
            throw new CoordinatorUnavailableException("the simulated server is down");
        }
    }

    // ---- lock and ledger ----

    boolean tryLock(String namespace, String lock, String token, Duration expiry) {
        requireUp();
        Map<String, Held> locks = content(namespace).locks;
        Held held = locks.get(lock);
        if (held != null && held.untilMillis > timeline.nowMillis()) {
            return false;
        }
        locks.put(lock, new Held(token, timeline.nowMillis() + expiry.toMillis()));
        return true;
    }

    boolean unlock(String namespace, String lock, String token) {
        requireUp();
        Map<String, Held> locks = content(namespace).locks;
        Held held = locks.get(lock);
        boolean mine = held != null && held.token.equals(token);
        if (mine) {
            locks.remove(lock);
        }
        return mine;
    }

    /** Set-if-absent for each ID. If one is there already, this very request put it there, and came twice. */
    long[] record(String namespace, long[] ids, Object request, SimulatedProcess by) {
        requireUp();
        Map<Long, Object> ledger = content(namespace).ledger;
        return Arrays.stream(ids)
                .filter(id -> {
                    Object before = ledger.putIfAbsent(id, request);
                    by.auditor().recorded(by, id, before, request);
                    return before != null;
                })
                .toArray();
    }
}
