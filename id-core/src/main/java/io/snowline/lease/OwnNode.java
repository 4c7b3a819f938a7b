package io.snowline.lease;

import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.time.TickScale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * A node id of a process's own, so that processes do not get in each other's way. It is chosen as in leased mode (rule
 * P11) and held as long as its record names this owner; its mark is moved now and then, so that it does not lapse.
 * Uniqueness never rests on it: two processes that hold the same node id merely share it.
 *
 * <p>Not thread-safe, apart from {@link #node}.
 */
final class OwnNode implements NodeClaim {

    private static final int NONE = -1;

    private final NamespaceSpec spec;
    private final ReservationSettings settings;
    private final String label;
    private final RandomGenerator random;
    private final Tokens tokens;
    private final String owner;
    private final NodeIdParts parts;

    private volatile int node = NONE;
    private int conflicts;

    /** The end of this process's latest batch, and the batch's node id. */
    private long reservedEnd;

    private int reservedNode = NONE;

    OwnNode(NamespaceSpec spec, ReservationSettings settings, String label, RandomGenerator random, Tokens tokens) {
        this.spec = spec;
        this.settings = settings;
        this.label = label;
        this.random = random;
        this.tokens = tokens;
        this.owner = tokens.next();
        this.parts = new NodeIdParts(spec.nodeIds(), label);
    }

    @Override
    public OptionalInt node() {
        int held = node;
        return held == NONE ? OptionalInt.empty() : OptionalInt.of(held);
    }

    @Override
    public NodeIdRange concerned() {
        return node == NONE ? parts.current() : new NodeIdRange(node, node);
    }

    @Override
    public boolean choosing() {
        return node == NONE;
    }

    @Override
    public boolean lost(StoreView view) {
        return node == NONE
                || view.node(node)
                        .filter(stored -> stored.record().heldBy(owner))
                        .isEmpty();
    }

    /** Drops a node id that was lost or released. */
    void drop() {
        node = NONE;
        conflicts = 0;
    }

    /** Notes that a node id is held, by a step that was applied. */
    void took(int chosen) {
        node = chosen;
        conflicts = 0;
    }

    /** Notes that a step was refused, because another process was faster. */
    void refused() {
        conflicts++;
    }

    /** Chooses a node id; returns none if all that were read are held. */
    Optional<NodeChoice> choose(StoreView view, ReferenceClock clock, long earliestStart, long cap) {
        var situation = new NodeChoice.Situation(
                scale(),
                parts.current(),
                view,
                label,
                earliestStart,
                Map.of(),
                clock.storeMillis() - graceMillis(),
                conflicts,
                random);
        return NodeChoice.choose(situation, cap);
    }

    /**
     * In recorded mode a mark is never ahead of time, as a window's end is. So the grace period leaves extra time for
     * the reads that move it, one of which may fail.
     */
    private long graceMillis() {
        return settings.takeoverGrace()
                .plus(settings.renewEvery().multipliedBy(2))
                .toMillis();
    }

    /** Returns the obstacle for when all that were read are held; the next read is of others, if there are any. */
    Obstacle noneFree(StoreView view) {
        Obstacle obstacle = parts.noneFree(spec, view, settings.takeoverGrace());
        parts.next();
        return obstacle;
    }

    @Override
    public long lowestStart() {
        if (reservedNode == NONE || reservedNode == node) {
            return reservedEnd;
        }
        return scale().nextTick(reservedEnd - 1); // within one tick, a lower node id makes a lower ID
    }

    @Override
    public void reserved(long end) {
        reservedEnd = end;
        reservedNode = node;
    }

    @Override
    public NodeRecord record(Optional<Stored<NodeRecord>> before, long start, long end) {
        return record(node, start, end);
    }

    /** Returns the record that makes a node id this owner's, or keeps it so, and reserves nothing. */
    NodeRecord claim(int chosen, long mark) {
        return record(chosen, mark, mark);
    }

    /** Returns the record that releases the node id (P7): everything reserved was handed out, or is lost. */
    NodeRecord release(NodeRecord held) {
        return new NodeRecord(held.node(), tokens.next(), "", label, held.end(), held.end());
    }

    private NodeRecord record(int of, long start, long end) {
        return new NodeRecord(of, tokens.next(), owner, label, start, end);
    }

    private TickScale scale() {
        return spec.scale();
    }
}
