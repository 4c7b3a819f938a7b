package io.snowline.audit;

/**
 * IDs that were read one after the other, as many as are sorted in memory at a time. Each keeps its index: how many
 * were added before it.
 *
 * <p>Sorts by 11 bits at a time, from the lowest, without comparing (LSD radix sort). The sort is stable, so equal IDs
 * stay in the order of their indices, and it skips groups of bits that all IDs have in common, such as the highest bits
 * of IDs from one minute.
 *
 * <p>Not thread-safe.
 */
final class Run {

    private static final int DIGIT_BITS = 11;
    private static final int DIGIT_MASK = (1 << DIGIT_BITS) - 1;

    private long[] ids;
    private int[] indices;
    private long[] otherIds;
    private int[] otherIndices;
    private int size;
    private boolean sorted = true;

    /** How many bytes of memory an ID takes here. */
    static final int BYTES_PER_ID = 2 * (Long.BYTES + Integer.BYTES);

    Run(int capacity) {
        ids = new long[capacity];
        indices = new int[capacity];
        otherIds = new long[capacity];
        otherIndices = new int[capacity];
    }

    boolean full() {
        return size == ids.length;
    }

    int size() {
        return size;
    }

    /** Adds an ID; the run must be neither full nor sorted since it was last cleared. */
    void add(long id) {
        sorted &= size == 0 || ids[size - 1] <= id;
        ids[size] = id;
        indices[size] = size;
        size++;
    }

    void clear() {
        size = 0;
        sorted = true;
    }

    long id(int rank) {
        return ids[rank];
    }

    int index(int rank) {
        return indices[rank];
    }

    /** Sorts by ID, and equal IDs by index. */
    void sort() {
        if (sorted) {
            return;
        }
        for (int shift = 0; shift < Long.SIZE; shift += DIGIT_BITS) {
            int[] starts = starts(shift);
            if (starts.length > 0) {
                distribute(shift, starts);
            }
        }
        sorted = true;
    }

    /** Returns where the IDs with each digit begin; empty if all IDs have the same digit. */
    private int[] starts(int shift) {
        int[] starts = new int[DIGIT_MASK + 2];
        for (int i = 0; i < size; i++) {
            starts[digit(ids[i], shift) + 1]++;
        }
        if (starts[digit(ids[0], shift) + 1] == size) {
            return new int[0];
        }
        for (int digit = 1; digit < starts.length; digit++) {
            starts[digit] += starts[digit - 1];
        }
        return starts;
    }

    private void distribute(int shift, int[] starts) {
        for (int i = 0; i < size; i++) {
            int target = starts[digit(ids[i], shift)]++;
            otherIds[target] = ids[i];
            otherIndices[target] = indices[i];
        }
        long[] swappedIds = ids;
        int[] swappedIndices = indices;
        ids = otherIds;
        indices = otherIndices;
        otherIds = swappedIds;
        otherIndices = swappedIndices;
    }

    private static int digit(long id, int shift) {
        return (int) (id >>> shift) & DIGIT_MASK;
    }
}
