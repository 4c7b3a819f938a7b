package io.snowline.coordination;

/**
 * A range of node ids, both ends included.
 *
 * <p>Immutable; threads may share it.
 *
 * @param first the lowest node id, 0 or more
 * @param last the highest node id
 */
public record NodeIdRange(int first, int last) {

    /**
     * @throws IllegalArgumentException if the range is empty or starts below 0
     */
    public NodeIdRange {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("node ids must be a range from 0 upwards, got " + first + "-" + last);
        }
    }

    /** Tells whether a node id lies in this range. */
    public boolean contains(int node) {
        return node >= first && node <= last;
    }

    /** Returns how many node ids there are. */
    public int size() {
        return last - first + 1;
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
