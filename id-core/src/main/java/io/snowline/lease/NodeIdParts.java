package io.snowline.lease;

import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.StoreView;
import java.math.BigInteger;
import java.time.Duration;

/**
 * Divides the node ids of a process into parts that are looked at one at a time, so that a look costs the same however
 * many there are. A label has a part where it begins, so that a process that comes back finds what it had. Up to 1024 node
 * ids are one part.
 *
 * <p>Not safe for use by many threads.
 */
final class NodeIdParts {

    private static final int LARGEST_WHOLE = 1024;

    /** As many as one transaction of etcd reads. */
    private static final int PART = 100;

    private final NodeIdRange all;
    private final int count;

    /** From a part that is full labels go on to different ones; with no divisor in common with the count, it leads to all. */
    private final int step;

    private int current;

    NodeIdParts(NodeIdRange all, String label) {
        this.all = all;
        this.count = all.size() <= LARGEST_WHOLE ? 1 : (all.size() + PART - 1) / PART;
        int hash = spread(label.hashCode());
        this.current = Math.floorMod(hash, count);
        this.step = withoutCommonDivisor(Math.floorMod(spread(hash), count) + 1, count);
    }

    private static int withoutCommonDivisor(int from, int count) {
        int step = from;
        while (!BigInteger.valueOf(step).gcd(BigInteger.valueOf(count)).equals(BigInteger.ONE)) {
            step++;
        }
        return step;
    }

    /** Spreads labels that differ in their last characters alone, as numbered hosts do. */
    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 16);
    }

    /** Tells whether there is but one part. */
    boolean whole() {
        return count == 1;
    }

    /** Returns the part to choose from. */
    NodeIdRange current() {
        if (whole()) {
            return all;
        }
        int first = all.first() + current * PART;
        return new NodeIdRange(first, Math.min(all.last(), first + PART - 1));
    }

    /** Goes on to the next part. */
    void next() {
        current = (current + step) % count;
    }

    /** Returns what is in the way when every node id of the current part is held. */
    Obstacle noneFree(NamespaceSpec spec, StoreView view, Duration takeoverGrace) {
        long held = view.nodes().keySet().stream().filter(current()::contains).count();
        String which = whole() ? "them" : "those looked at (%s)".formatted(current());
        String detail =
                "namespace '%s' has %d node ids for this process (%s) and %d of %s are held; one is free again when its owner stops, or %s after its window has ended"
                        .formatted(spec.name(), all.size(), all, held, which, takeoverGrace);
        return new Obstacle(Obstacle.Kind.NO_FREE_NODE, detail, Obstacle.SOON);
    }
}
