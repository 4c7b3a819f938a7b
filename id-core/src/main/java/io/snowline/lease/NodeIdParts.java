package io.snowline.lease;

import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.StoreView;
import java.math.BigInteger;
import java.time.Duration;

/**
 * Divides the node ids of a process into parts that are read one at a time, so that the cost of a read does not depend
 * on how many there are. The label determines the first part, so that a process that comes back finds the node id it
 * had. Up to 1024 node ids form a single part.
 *
 * <p>Not thread-safe.
 */
final class NodeIdParts {

    private static final int LARGEST_WHOLE = 1024;

    /** The number that one transaction of etcd reads. */
    private static final int PART = 100;

    private final NodeIdRange all;
    private final int count;

    /**
     * The distance to the next part to try: it differs between labels, so that they leave a full part in different
     * directions, and it has no common divisor with the count, so that it reaches every part.
     */
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

    /** Spreads out labels that differ only in their last characters, as those of numbered hosts do. */
    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 16);
    }

    /** Tells whether there is only one part. */
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

    /** Moves on to the next part. */
    void next() {
        current = (current + step) % count;
    }

    /** Returns the obstacle for when every node id of the current part is held. */
    Obstacle noneFree(NamespaceSpec spec, StoreView view, Duration takeoverGrace) {
        long held = view.nodes().keySet().stream().filter(current()::contains).count();
        String which = whole() ? "them" : "those looked at (%s)".formatted(current());
        String detail =
                "namespace '%s' has %s node ids for this process (%s) and %s of %s are held; one is free again when its owner stops, or %s after its window has ended"
                        .formatted(spec.name(), all.size(), all, held, which, takeoverGrace);
        return new Obstacle(Obstacle.Kind.NO_FREE_NODE, detail, Obstacle.SOON);
    }
}
