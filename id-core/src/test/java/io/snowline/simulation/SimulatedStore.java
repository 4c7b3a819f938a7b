package io.snowline.simulation;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
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
 * One server of a backend: an exact compare-and-set, locks, a ledger, a clock of its own that may be off, and an operator who
 * wipes it, restores it from an old copy, or makes it the replica of another.
 */
final class SimulatedStore {

    private record Held(String token, long untilMillis) {}

    /** What a server has of one namespace. */
    private static final class Content {
        @Nullable
        Stored<NamespaceRecord> namespace;

        final Map<Integer, Stored<NodeRecord>> nodes = new TreeMap<>();
        final Map<String, Held> locks = new TreeMap<>();
        final Map<Long, Object> ledger = new HashMap<>();

        Content copy() {
            Content copy = new Content();
            copy.namespace = namespace;
            copy.nodes.putAll(nodes);
            copy.locks.putAll(locks);
            copy.ledger.putAll(ledger);
            return copy;
        }
    }

    final String name;
    final SimulatedClock clock;
    private final Timeline timeline;
    private final SimulatedBackend.Kind kind;
    private final Mistake mistake;
    private final long skewMillis;
    private Map<String, Content> contents = new TreeMap<>();
    private Map<String, Content> saved = new TreeMap<>();
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

    void save() {
        saved = copyOf(contents);
    }

    void restartFromSaved() {
        contents = copyOf(saved);
        restarted();
    }

    void restartEmpty() {
        contents = new TreeMap<>();
        restarted();
    }

    /** Loses everything, and does not know it. */
    void flush() {
        contents = new TreeMap<>();
    }

    void loseANodeRecord() {
        for (Content content : contents.values()) {
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
        up = true;
    }

    void copyFrom(SimulatedStore other) {
        contents = copyOf(other.contents);
    }

    private static Map<String, Content> copyOf(Map<String, Content> contents) {
        Map<String, Content> copy = new TreeMap<>();
        contents.forEach((namespace, content) -> copy.put(namespace, content.copy()));
        return copy;
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
        Content content = content(namespace);
        return view(content, content.nodes);
    }

    /** What was saved some time ago: a read may be stale. */
    StoreView readStale(String namespace) {
        requireUp();
        Content content = saved.getOrDefault(namespace, new Content());
        return view(content, content.nodes);
    }

    Replaced replace(String namespace, Replacement step, SimulatedProcess by) {
        requireUp();
        Content content = content(namespace);
        boolean applied = holds(content, step);
        timeline.seen(applied ? 1 : 2);
        if (applied) {
            step.namespace().ifPresent(record -> write(content, record, by));
            step.node().ifPresent(change -> write(content, change.next(), by));
        }
        Map<Integer, Stored<NodeRecord>> concerned = new TreeMap<>(content.nodes);
        concerned
                .keySet()
                .retainAll(
                        step.node().stream().map(change -> change.next().node()).toList());
        return new Replaced(applied, view(content, concerned));
    }

    private void write(Content content, NamespaceRecord next, SimulatedProcess by) {
        timeline.note(() -> "%s: %s sets incarnation %d, floor %d, ahead %s"
                .formatted(name, by, next.incarnation(), next.floor(), next.ahead()));
        content.namespace = new Stored<>(next, 0);
    }

    private void write(Content content, NodeRecord next, SimulatedProcess by) {
        Stored<NodeRecord> before = content.nodes.put(next.node(), new Stored<>(next, 0));
        NamespaceRecord namespace = content.namespace == null ? null : content.namespace.record();
        by.auditor().written(by, namespace, before == null ? null : before.record(), next, capMillis(namespace));
    }

    /** The latest instant that any window written now may reach: P4, by this server's clock. */
    private long capMillis(@Nullable NamespaceRecord namespace) {
        return kind.hasClock() && namespace != null
                ? unixMillis() + namespace.ahead().toMillis()
                : Long.MAX_VALUE;
    }

    private boolean holds(Content content, Replacement step) {
        return inTime(step)
                && step.identity().equals(identity())
                && (mistake == Mistake.NAMESPACE_RECORD_NOT_COMPARED
                        || step.expected().equals(Optional.ofNullable(content.namespace)))
                && (mistake == Mistake.NODE_RECORD_NOT_COMPARED
                        || step.node()
                                .map(change -> change.expected()
                                        .equals(Optional.ofNullable(
                                                content.nodes.get(change.next().node()))))
                                .orElse(true));
    }

    private boolean inTime(Replacement step) {
        return !kind.hasClock()
                || mistake == Mistake.LATE_STEP_APPLIED
                || step.notAfter().isEmpty()
                || unixMillis() <= step.notAfter().get().toEpochMilli();
    }

    private StoreView view(Content content, Map<Integer, Stored<NodeRecord>> nodes) {
        return new StoreView(
                Optional.ofNullable(content.namespace),
                nodes,
                identity(),
                kind.hasClock() ? Optional.of(Instant.ofEpochMilli(unixMillis())) : Optional.empty());
    }

    private Content content(String namespace) {
        return contents.computeIfAbsent(namespace, key -> new Content());
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

    /** Set-if-absent for each ID. One that is there already was put there by this very request, which came twice. */
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
