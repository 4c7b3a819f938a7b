package io.snowline.coordination;

import java.math.BigInteger;

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
}
