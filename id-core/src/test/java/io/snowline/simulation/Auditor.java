package io.snowline.simulation;

import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.id.IdLayout;
import io.snowline.id.IdUnavailableException;
import io.snowline.time.TickScale;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sees every window of one namespace the moment it is written, on any server, and every ID the moment it is issued;
 * ends the run at the first that breaks a promise.
 */
final class Auditor {

    /** The windows of one owner that continue each other without a gap. */
    private static final class Run {
        final SimulatedProcess owner;
        final String ownerId;
        final long start;
        long usableEnd;
        long newest = -1;

        Run(SimulatedProcess owner, String ownerId, long start, long usableEnd) {
            this.owner = owner;
            this.ownerId = ownerId;
            this.start = start;
            this.usableEnd = usableEnd;
        }

        @Override
        public String toString() {
            return "[%d, %d) of %s".formatted(start, usableEnd, owner);
        }
    }

    private final Timeline timeline;
    private final IdLayout layout;
    private final TickScale scale;
    private final IssuingMode mode;
    private final long toleranceMillis;
    private final IssuedIds issued = new IssuedIds();
    private final List<SimulatedProcess> processes = new ArrayList<>();
    private final Map<Integer, TreeMap<Long, Run>> runs = new HashMap<>();
    private final Map<Integer, Long> newest = new HashMap<>();
    private final Set<Long> recorded = new HashSet<>();
    private final boolean ledger;
    private final Optional<Punctuality> punctuality;
    private final boolean floorsCover;
    /** For each floor under which a window was reserved: the end of the furthest one. */
    private final TreeMap<Long, Long> ends = new TreeMap<>();

    private boolean beginsByOperator;

    /**
     * @param toleranceMillis by how much a sane reference time may be ahead of true time; negative: no clock is sane
     */
    Auditor(Timeline timeline, Scenario.Group group, long toleranceMillis, Scenario scenario) {
        this.timeline = timeline;
        this.layout = group.layout();
        this.scale = layout.scale();
        this.mode = group.mode();
        this.ledger = group.ledger();
        this.toleranceMillis = toleranceMillis;
        this.floorsCover = scenario.storeSkewMillis() >= 0 || scenario.wallSkewMillis() >= 0;
        this.punctuality = scenario.calm() ? Optional.of(new Punctuality(timeline, layout)) : Optional.empty();
    }

    /** Registers a process. Returns its number. */
    int enrol(SimulatedProcess process) {
        processes.add(process);
        return processes.size() - 1;
    }

    int issuedCount() {
        return issued.size();
    }

    /** Registers that a process takes the place of another. */
    void follows(SimulatedProcess process, SimulatedProcess before) {
        punctuality.ifPresent(checks -> checks.follows(process, before));
    }

    // ---- the namespace ----

    /** Registers that the backend has lost something, or seems to have. */
    void lost() {
        punctuality.ifPresent(Punctuality::lost);
    }

    /** Registers that the namespace record which is written next is made by order of an operator. */
    void beginsByOperator() {
        beginsByOperator = true;
    }

    /**
     * Sees a namespace record that was written.
     *
     * @param unknown whether the server knows that there never was such a record
     */
    void namespaceWritten(SimulatedProcess by, NamespaceRecord record, boolean unknown) {
        boolean begins = unknown || beginsByOperator;
        beginsByOperator = false;
        timeline.seen(record.floor());
        long lead = scale.millisAt(record.floor()) - Math.floorDiv(timeline.unixNanos(), 1_000_000);
        if (begins && toleranceMillis >= 0 && lead > toleranceMillis) {
            throw new Violation("P8: %s makes a new namespace with a floor %d ms ahead".formatted(by, lead));
        }
        punctuality.ifPresent(checks -> checks.namespaceWritten(record, begins));
    }

    /** A floor lies above every window that was reserved under a lower one, on any server: each may have been forgotten. */
    private void requireFloorsCover(SimulatedProcess by, long floor, long usable) {
        long furthest = ends.merge(floor, usable, Math::max);
        Long next = ends.higherKey(floor);
        if (next != null && furthest > next) {
            throw new Violation("P8: a window of %s under the floor %d ends at %d, above the floor %d, which is in use"
                    .formatted(by, floor, furthest, next));
        }
        ends.headMap(floor).forEach((lower, end) -> {
            if (end > floor) {
                throw new Violation("P8: %s reserves a window above the floor %d, and one under the floor %d ends at %d"
                        .formatted(by, floor, lower, end));
            }
        });
    }

    // ---- windows ----

    /**
     * Sees a node record that was written.
     *
     * @param capMillis the latest instant that a window may reach by the clock of the server that wrote it
     */
    void written(
            SimulatedProcess by,
            @Nullable NamespaceRecord namespace,
            @Nullable NodeRecord before,
            NodeRecord after,
            long capMillis) {
        boolean release = mode == IssuingMode.LEASED && after.released();
        boolean reservesNothing = mode == IssuingMode.RECORDED && after.start() == after.end();
        timeline.seen(after.end());
        timeline.note(() -> "%s %s node id %d: [%d, %d)"
                .formatted(by, release ? "gives back" : "reserves", after.node(), after.start(), after.end()));
        if (release) {
            released(before, after);
        } else if (reservesNothing) {
            requireMarkKept(by, before, after);
        } else {
            reserved(by, present(by, namespace), before, after, cap(capMillis));
        }
    }

    /** A process that takes, keeps or gives back a node id in recorded mode may only move its mark forward. */
    private static void requireMarkKept(SimulatedProcess by, @Nullable NodeRecord before, NodeRecord after) {
        if (before != null && after.end() < before.end()) {
            throw new Violation("P1: %s moves the mark of node id %d back, from %d to %d"
                    .formatted(by, after.node(), before.end(), after.end()));
        }
    }

    private static NamespaceRecord present(SimulatedProcess by, @Nullable NamespaceRecord namespace) {
        if (namespace == null) {
            throw new Violation("P8: %s reserves a window in a namespace that the backend has forgotten".formatted(by));
        }
        return namespace;
    }

    private long cap(long capMillis) {
        return capMillis == Long.MAX_VALUE ? Long.MAX_VALUE : scale.positionAt(capMillis);
    }

    private void reserved(
            SimulatedProcess by, NamespaceRecord namespace, @Nullable NodeRecord before, NodeRecord after, long cap) {
        boolean continues = mode == IssuingMode.LEASED && before != null && before.start() == after.start();
        long from = continues ? before.end() : after.start();
        if (from < namespace.floor()) {
            throw new Violation("P8: %s reserves node id %d from %d on, below the floor %d"
                    .formatted(by, after.node(), from, namespace.floor()));
        }
        if (!continues) {
            boolean acquired = before == null || !before.owner().equals(after.owner());
            punctuality.ifPresent(checks -> checks.begun(by, namespace, after, acquired));
        }
        long usable = Math.min(after.end(), cap);
        requireNotTooFarAhead(by, usable, namespace.ahead().toMillis());
        if (usable > after.start()) {
            grant(by, after, usable);
            if (floorsCover) {
                requireFloorsCover(by, namespace.floor(), usable);
            }
        }
    }

    private void requireNotTooFarAhead(SimulatedProcess by, long usable, long aheadMillis) {
        if (toleranceMillis >= 0) {
            long lead = scale.millisAt(usable) - Math.floorDiv(timeline.unixNanos(), 1_000_000);
            long most = aheadMillis + toleranceMillis;
            if (lead > most) {
                throw new Violation(
                        "P4: a window of %s ends %d ms after the time, more than the %d ms that the cap allows"
                                .formatted(by, lead, most));
            }
        }
    }

    private void grant(SimulatedProcess by, NodeRecord record, long usable) {
        TreeMap<Long, Run> ofNode = runs.computeIfAbsent(record.node(), node -> new TreeMap<>());
        Run run = ofNode.get(record.start());
        if (run == null) {
            run = new Run(by, record.owner(), record.start(), usable);
            requireFree(record.node(), ofNode.lowerEntry(run.start), run);
            ofNode.put(run.start, run);
        } else if (run.owner != by || !run.ownerId.equals(record.owner()) || mode == IssuingMode.RECORDED) {
            throw overlap(record.node(), run, new Run(by, record.owner(), record.start(), usable));
        }
        run.usableEnd = Math.max(run.usableEnd, usable);
        requireFree(record.node(), run, ofNode.higherEntry(run.start));
    }

    private static void requireFree(int node, Map.@Nullable Entry<Long, Run> lower, Run run) {
        if (lower != null && lower.getValue().usableEnd > run.start) {
            throw overlap(node, lower.getValue(), run);
        }
    }

    private static void requireFree(int node, Run run, Map.@Nullable Entry<Long, Run> higher) {
        if (higher != null && run.usableEnd > higher.getKey()) {
            throw overlap(node, higher.getValue(), run);
        }
    }

    private static Violation overlap(int node, Run earlier, Run later) {
        return new Violation(
                "P1: windows of node id %d overlap: %s was reserved first, then %s".formatted(node, earlier, later));
    }

    private void released(@Nullable NodeRecord before, NodeRecord after) {
        TreeMap<Long, Run> ofNode = runs.getOrDefault(after.node(), new TreeMap<>());
        Run run = ofNode.get(after.start());
        if (run != null && before != null && run.ownerId.equals(before.owner())) {
            if (run.newest >= after.end() && before.end() > after.end()) {
                throw new Violation("P7: %s gave back node id %d at %d, but has stamped %d"
                        .formatted(run.owner, after.node(), after.end(), run.newest));
            }
            // On a lagging replica the record may end below the newest stamp; the floor makes up for that.
            run.usableEnd = Math.min(run.usableEnd, Math.max(after.end(), run.newest + 1));
            if (run.usableEnd <= run.start) {
                ofNode.remove(run.start);
            }
        }
    }

    // ---- the ledger ----

    /** Sees an ID that was offered to the ledger. */
    void recorded(SimulatedProcess by, long id, @Nullable Object before, Object request) {
        timeline.seen(id);
        recorded.add(id);
        if (before != null && before != request) {
            throw new Violation(
                    "%s offered ID %s to the ledger, which has it from another request".formatted(by, text(id)));
        }
    }

    // ---- IDs ----

    /** Returns the newest ID of a node id that any call has returned; -1 if there is none. */
    long newest(int node) {
        return newest.getOrDefault(node, -1L);
    }

    /**
     * Sees the IDs that one call returned.
     *
     * @param above an ID that all of them must be above
     * @param inOrder whether they must grow
     * @param alone whether no other call of the process ran at the same time
     */
    void issued(SimulatedProcess by, long[] ids, long above, boolean inOrder, boolean alone) {
        long last = above;
        for (long id : ids) {
            timeline.seen(id);
            unique(by, id);
            inWindow(by, id, alone);
            if (ledger && !recorded.contains(id)) {
                throw new Violation("%s issued ID %s before it was in the ledger".formatted(by, text(id)));
            }
            if (inOrder && id <= last) {
                throw new Violation("%s issued ID %s after %s: not in order".formatted(by, text(id), text(last)));
            }
            last = id;
            punctuality.ifPresent(checks -> checks.issued(by, id));
            newest.merge(layout.node(id), id, Math::max);
        }
    }

    /** Registers that a caller was refused. */
    void refused(SimulatedProcess by, IdUnavailableException why) {
        punctuality.ifPresent(checks -> checks.refused(by, why));
    }

    private void unique(SimulatedProcess by, long id) {
        long before = issued.add(id, (long) by.number() << 32 | timeline.nowMillis());
        if (before >= 0) {
            throw new Violation("ID %s was issued twice: by %s at %d ms, and by %s at %d ms"
                    .formatted(
                            text(id),
                            processes.get((int) (before >> 32)),
                            before & 0xFFFF_FFFFL,
                            by,
                            timeline.nowMillis()));
        }
    }

    private void inWindow(SimulatedProcess by, long id, boolean alone) {
        long position = layout.position(id);
        int node = layout.node(id);
        Map.Entry<Long, Run> entry = runs.getOrDefault(node, new TreeMap<>()).floorEntry(position);
        if (entry == null || entry.getValue().usableEnd <= position || entry.getValue().owner != by) {
            throw new Violation("P3: %s issued ID %s at position %d, outside its windows; nearest: %s"
                    .formatted(by, text(id), position, entry == null ? "none" : entry.getValue()));
        }
        Run run = entry.getValue();
        if (alone && position <= run.newest) {
            throw new Violation(
                    "%s issued position %d of node id %d after %d".formatted(by, position, node, run.newest));
        }
        run.newest = Math.max(run.newest, position);
    }

    private String text(long id) {
        return id + " (node id " + layout.node(id) + ", " + layout.decode(id).timestamp() + ", sequence "
                + layout.decode(id).sequence() + ")";
    }
}
