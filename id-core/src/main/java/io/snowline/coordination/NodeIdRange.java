package io.snowline.coordination;

/**
 * A range of node ids, inclusive at both ends.
 *
 * <p>Immutable and thread-safe.
 *
 * @param first the lowest node id, 0 or more
 * @param last the highest node id, at most 1073741823
 */
public record NodeIdRange(int first, int last) {

    /** The highest node id of any layout, since no layout has more than 30 bits for it. */
    private static final int HIGHEST = (1 << 30) - 1;

    /**
     * @throws IllegalArgumentException if the range is empty, starts below 0 or ends above 1073741823, the highest node id that
     *     a layout can have
     */
    public NodeIdRange {
        if (first < 0 || last < first || last > HIGHEST) {
            throw new IllegalArgumentException(
                    "node ids must be a range within 0-%s, got %s-%s".formatted(HIGHEST, first, last));
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
