package io.snowline.server.endtoend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Every ID that left a server, to be sorted in the end. Safe for use by many threads. */
final class Harvest {

    private final List<long[]> batches = new ArrayList<>();
    private final AtomicLong count = new AtomicLong();

    void add(long[] ids) {
        synchronized (batches) {
            batches.add(ids);
        }
        count.addAndGet(ids.length);
    }

    long count() {
        return count.get();
    }

    /** Sorts all IDs and returns one that is there twice, or -1. */
    long findDuplicate() {
        long[] all = new long[Math.toIntExact(count.get())];
        int filled = 0;
        synchronized (batches) {
            for (long[] batch : batches) {
                System.arraycopy(batch, 0, all, filled, batch.length);
                filled += batch.length;
            }
            batches.clear();
        }
        Arrays.parallelSort(all);
        for (int i = 1; i < all.length; i++) {
            if (all[i] == all[i - 1]) {
                return all[i];
            }
        }
        return -1;
    }
}
