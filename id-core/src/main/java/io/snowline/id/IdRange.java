package io.snowline.id;

import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Positions in a row on one node id, and so as many IDs. They belong to the code that has the range, forever: no
 * generator issues them again. What composes IDs from a range needs neither a clock nor a coordinator:
 *
 * <pre>{@code id(i) = layout.compose(position + i, node)      for i from 0 to count - 1}</pre>
 *
 * <p>The IDs ascend. They are consecutive numbers only within a tick (see {@link #firstTick}).
 *
 * <p>Immutable and thread-safe. Two copies of one range are the same IDs twice: split it with {@link #part}.
 *
 * @param layout the layout of the IDs
 * @param node the node id, from 0 to {@link IdLayout#nodeCount()}, exclusive
 * @param position the first position, 0 or more
 * @param count how many positions, 1 or more; all of them within the layout
 */
public record IdRange(IdLayout layout, int node, long position, int count) {

    /**
     * @throws IllegalArgumentException if a number is outside its range, or the last position is beyond the layout
     */
    public IdRange {
        Objects.requireNonNull(layout, "layout");
        if (count < 1) {
            throw new IllegalArgumentException("count must be at least 1, got " + count);
        }
        var unused = layout.compose(position, node);
        if (count - 1 > layout.scale().endPosition() - 1 - position) {
            throw new IllegalArgumentException("position + count must be at most %s in layout %s, got %s + %s"
                    .formatted(layout.scale().endPosition(), layout.descriptor(), position, count));
        }
    }

    /** Returns the first and smallest ID. */
    public long first() {
        return layout.idAt(position, node);
    }

    /** Returns the last and largest ID. */
    public long last() {
        return layout.idAt(position + count - 1, node);
    }

    /**
     * Returns one of the IDs.
     *
     * @param index from 0 to {@link #count()}, exclusive
     * @throws IndexOutOfBoundsException if the index is outside that
     */
    public long id(int index) {
        return layout.idAt(position + Objects.checkIndex(index, count), node);
    }

    /** Returns all IDs, ascending. */
    public LongStream ids() {
        return IntStream.range(0, count).mapToLong(index -> layout.idAt(position + index, node));
    }

    /**
     * Writes all IDs into an array, ascending.
     *
     * @param from the index of the first ID
     * @throws IndexOutOfBoundsException if they do not fit
     */
    public void copyInto(long[] ids, int from) {
        Objects.checkFromIndexSize(from, count, ids.length);
        layout.idsAt(position, node, ids, from, count);
    }

    /**
     * Returns a part of this range; {@code part(0, n)} and {@code part(n, count())} split it.
     *
     * @param from the index of the part's first ID
     * @param to the index after the part's last ID, above {@code from}
     * @throws IndexOutOfBoundsException if this range has no such part
     * @throws IllegalArgumentException if the part is empty
     */
    public IdRange part(int from, int to) {
        Objects.checkFromToIndex(from, to, count);
        return new IdRange(layout, node, position + from, to - from);
    }

    /** Returns the part that lies in the first position's tick: its IDs are consecutive numbers. */
    public IdRange firstTick() {
        long untilNextTick = layout.scale().nextTick(position) - position;
        return untilNextTick >= count ? this : part(0, (int) untilNextTick);
    }
}
