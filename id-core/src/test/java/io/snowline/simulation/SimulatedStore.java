package io.snowline.simulation;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Trace;
import io.snowline.coordination.support.RecordSet;
import io.snowline.simulated.Comparison;
import io.snowline.simulated.Server;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One server of a backend: an exact compare-and-set, locks, a ledger, a clock of its own that may be off, traces where its kind
 * keeps them, and an operator who wipes it, deletes a namespace, restores it from an old copy, or makes it the replica of another.
 */
final class SimulatedStore implements Server {

    /** By how much a trace is read later than the records, if that mistake is made. */
    private static final long TORN_READ_MILLIS = 100;

    private record Held(String token, long untilMillis) {}

    /** What a server has of one namespace, except its trace. */
    private static final class Content {
        RecordSet records = RecordSet.EMPTY;
        long madeAtMillis;
        final Map<String, Held> locks = new TreeMap<>();
        final Map<Long, Object> ledger = new HashMap<>();

        Content copy() {
            Content copy = new Content();
            copy.records = records;
            copy.madeAtMillis = madeAtMillis;
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
    private final Comparison comparison;
    private final long skewMillis;
    private Disk disk = new Disk();
    private Disk saved = new Disk();
    private boolean restored;
    private long runId;
    private long replicationId;
    private boolean up = true;
    private @Nullable SimulatedProcess asking;
    private @Nullable Object asked;

    /**
     * @param skewMillis by how much the clock may be ahead of true time, whatever is done to it; negative: by anything
     */
    SimulatedStore(
            String name,
            Timeline timeline,
            SimulatedBackend.Kind kind,
            Mistake mistake,
            Comparison comparison,
            long skewMillis) {
        this.name = name;
        this.timeline = timeline;
        this.kind = kind;
        this.mistake = mistake;
        this.comparison = comparison;
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
            NavigableMap<Integer, NodeRecord> nodes = new TreeMap<>(content.records.nodes());
            nodes.pollFirstEntry();
            content.records = new RecordSet(content.records.namespace(), nodes);
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

    /**
     * Returns this server as one request meets it.
     *
     * @param by the process that has sent it
     * @param request the same object if it arrives twice
     */
    Server serve(SimulatedProcess by, Object request) {
        asking = by;
        asked = request;
        return this;
    }

    private SimulatedProcess asking() {
        return Objects.requireNonNull(asking);
    }

    @Override
    public StoreView read(String namespace) {
        requireUp();
        Content there = content(namespace);
        boolean torn = mistake == Mistake.TRACE_READ_LAST
                && there.records.namespace().isPresent()
                && timeline.nowMillis() - there.madeAtMillis < TORN_READ_MILLIS;
        return view(torn ? RecordSet.EMPTY : there.records, disk, namespace);
    }

    /**
     * Reads what was saved some time ago: a read may be stale, and its trace even more so, since that is read first.
     */
    StoreView readStale(String namespace) {
        requireUp();
        Content old = saved.contents.getOrDefault(namespace, new Content());
        Content content = timeline.chance(0.3) ? content(namespace) : old;
        return view(content.records, saved, namespace);
    }

    private StoreView view(RecordSet records, Disk traced, String namespace) {
        return records.view(identity(), time(), trace(traced, namespace));
    }

    @Override
    public Replaced replace(String namespace, Replacement step) {
        requireUp();
        Content content = content(namespace);
        boolean applied = inTime(step)
                && step.identity().equals(identity())
                && comparison.holds(content.records, step)
                && traceHolds(namespace, step);
        timeline.seen(applied ? 1 : 2);
        if (applied) {
            RecordSet before = content.records;
            content.records = comparison.write(before, step);
            step.namespace().ifPresent(record -> {
                namespaceWritten(content, before, record, trace(disk, namespace).equals(Trace.NONE));
                leaveTrace(namespace, step, record);
            });
            step.node().ifPresent(change -> nodeWritten(content, before, change.next()));
        }
        return new Replaced(applied, content.records.viewFor(step, identity(), time()));
    }

    private void namespaceWritten(Content content, RecordSet before, NamespaceRecord next, boolean isNew) {
        timeline.note(() -> "%s: %s sets incarnation %d, floor %d, ahead %s, usable from %s"
                .formatted(
                        name,
                        asking(),
                        next.incarnation(),
                        next.floor(),
                        next.ahead(),
                        next.usableFrom().orElseThrow()));
        content.madeAtMillis = before.namespace().isEmpty() ? timeline.nowMillis() : content.madeAtMillis;
        asking().auditor().namespaceWritten(asking(), next, isNew);
    }

    private void nodeWritten(Content content, RecordSet before, NodeRecord next) {
        NamespaceRecord namespace = content.records.namespace().orElse(null);
        asking().auditor().written(asking(), namespace, before.nodes().get(next.node()), next, capMillis(namespace));
    }

    /** The latest instant that any window written now may reach: P4, by this server's clock. */
    private long capMillis(@Nullable NamespaceRecord namespace) {
        return kind.hasClock() && namespace != null
                ? unixMillis() + namespace.ahead().toMillis()
                : Long.MAX_VALUE;
    }

    private boolean traceHolds(String namespace, Replacement step) {
        return !kind.keepsTraces() || comparison.traceHolds(Optional.ofNullable(disk.traces.get(namespace)), step);
    }

    private void leaveTrace(String namespace, Replacement step, NamespaceRecord record) {
        if (!kind.keepsTraces() || !Comparison.leavesTrace(step)) {
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

    private Optional<Instant> time() {
        return kind.hasClock() ? Optional.of(Instant.ofEpochMilli(unixMillis())) : Optional.empty();
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

    @Override
    public boolean tryLock(String namespace, String lock, String token, Duration expiry) {
        requireUp();
        Map<String, Held> locks = content(namespace).locks;
        Held held = locks.get(lock);
        if (held != null && held.untilMillis > timeline.nowMillis()) {
            return false;
        }
        locks.put(lock, new Held(token, timeline.nowMillis() + expiry.toMillis()));
        return true;
    }

    @Override
    public boolean unlock(String namespace, String lock, String token) {
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
    @Override
    public long[] record(String namespace, long[] ids) {
        requireUp();
        Map<Long, Object> ledger = content(namespace).ledger;
        return Arrays.stream(ids)
                .filter(id -> {
                    Object request = Objects.requireNonNull(asked);
                    Object before = ledger.putIfAbsent(id, request);
                    asking().auditor().recorded(asking(), id, before, request);
                    return before != null;
                })
                .toArray();
    }
}
