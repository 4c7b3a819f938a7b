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
 * A node id of a process' own, so that processes do not stand in each other's way. It is chosen as in leased mode (rule P11)
 * and held as long as its record names this owner; its mark is moved now and then, so that it does not lapse. Uniqueness
 * never rests on it: a node id that two processes hold is one that they share.
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

    /** Where the latest batch of this process ends, and its node id. */
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

    /** Gives up a node id that is another's, or is given back. */
    void drop() {
        node = NONE;
        conflicts = 0;
    }

    /** Takes note that a node id is held, by a step that was applied. */
    void took(int chosen) {
        node = chosen;
        conflicts = 0;
    }

    /** Takes note that a step was refused, because another process was faster. */
    void refused() {
        conflicts++;
    }

    /** Chooses a node id; none if all that were looked at are held. */
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
     * A mark in recorded mode is never ahead of time as a window's end is: the looks that move it, and one that may fail, need
     * time of their own.
     */
    private long graceMillis() {
        return settings.takeoverGrace()
                .plus(settings.renewEvery().multipliedBy(2))
                .toMillis();
    }

    /** Returns what is in the way when all that were looked at are held; the next look is at others, if there are any. */
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
        return scale().nextTick(reservedEnd - 1); // in a tick that was stamped, a lower node id makes a lower ID
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

    /** Returns the record that makes a node id this owner's, or leaves it so, and reserves nothing. */
    NodeRecord claim(int chosen, long mark) {
        return record(chosen, mark, mark);
    }

    /** Returns the record that gives the node id back (P7): all that was reserved was handed out, or is burnt. */
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
