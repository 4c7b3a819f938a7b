package io.snowline.audit;

import java.util.List;

/**
 * Merges sorted runs into one order. A binary heap has the run with the least ID on top; after an ID is taken, the top
 * sinks to its new place, which costs next to nothing as long as one run has all the least IDs.
 *
 * <p>Not thread-safe.
 */
final class Merge {

    private final RunReader[] heap;
    private int size;
    private boolean started;

    /** Makes a merge of runs that have not been advanced yet. */
    Merge(List<RunReader> runs) {
        heap = runs.stream().filter(RunReader::advance).toArray(RunReader[]::new);
        size = heap.length;
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i);
        }
    }

    /** Goes to the next ID; false if there is none. */
    boolean advance() {
        if (!started) {
            started = true;
        } else {
            if (!heap[0].advance()) {
                size--;
                heap[0] = heap[size];
            }
            sink(0);
        }
        return size > 0;
    }

    long id() {
        return heap[0].id();
    }

    long ordinal() {
        return heap[0].ordinal();
    }

    private void sink(int from) {
        RunReader sinking = heap[from];
        int hole = from;
        int child = lesserChild(hole);
        while (child < size && before(heap[child], sinking)) {
            heap[hole] = heap[child];
            hole = child;
            child = lesserChild(hole);
        }
        heap[hole] = sinking;
    }

    /** Returns the index of the child that comes first; at least the size if there is no child. */
    private int lesserChild(int parent) {
        int left = 2 * parent + 1;
        int right = left + 1;
        return right < size && before(heap[right], heap[left]) ? right : left;
    }

    private static boolean before(RunReader one, RunReader other) {
        return one.id() < other.id() || (one.id() == other.id() && one.ordinal() < other.ordinal());
    }
}
