package io.snowline.id;

import io.snowline.coordination.Window;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A window and the cursor that moves through it: one node id's worth of stamping. Safe for use by many threads.
 */
final class Lane {

    /*
     * The cursor is the newest position that was claimed. A claim moves it, by one compare-and-set, to the last position
     * claimed, and only to positions below `limit`, which the caller has read from the window's end before. The end only
     * grows, so what was below it stays below it: between "may I?" and "which position?" there is no gap that a pause, a
     * clock or another thread could fall into (P3).
     *
     *   next = max(cursor + 1, present)      the sequence carries into the tick; time that went back changes nothing
     *
     * A sealed lane has its cursor above every position, so that no claim can succeed.
     */

    /** What {@link #claim} answers when nothing below the limit is left. */
    static final long NOTHING = -1;

    private static final long SEALED = Long.MAX_VALUE;

    private final Window window;
    private final int sequenceBits;
    private final long sequenceMask;
    private final AtomicLong cursor;

    /**
     * Makes a lane.
     *
     * @param first the first position it may claim, at or above the window's start
     */
    Lane(Window window, long first, int sequenceBits) {
        this.window = window;
        this.sequenceBits = sequenceBits;
        this.sequenceMask = (1L << sequenceBits) - 1;
        this.cursor = new AtomicLong(first - 1);
    }

    Window window() {
        return window;
    }

    /**
     * Claims up to {@code wanted} positions in one atomic step: those from the answer to {@code limit}, at most.
     *
     * @param present the first position of the present tick
     * @param limit the position that nothing may reach; at most the window's end as it was read by the caller
     * @return the first position claimed, or {@link #NOTHING}
     */
    long claim(long present, long limit, int wanted) {
        while (true) {
            long newest = cursor.get();
            long first = newest < present - 1 ? spread(present, limit) : newest + 1;
            if (first >= limit || newest == SEALED) {
                return NOTHING;
            }
            long last = first + Math.min(wanted, limit - first) - 1;
            if (cursor.compareAndSet(newest, last)) {
                return first;
            }
        }
    }

    /**
     * Returns where in a tick that nothing was claimed from to begin: at a sequence that depends on the tick and looks
     * random (the finalizer of SplitMix64), so that IDs of low traffic are not all even. What lies before it is not lost
     * time: when the tick is full the sequence carries into the next.
     */
    private long spread(long present, long limit) {
        long mixed = (present >>> sequenceBits) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        long first = present + ((mixed ^ (mixed >>> 31)) & sequenceMask);
        return first < limit ? first : present;
    }

    /** Returns the newest position claimed; the one before the first if there is none, and a huge one once sealed. */
    long newest() {
        return cursor.get();
    }

    /** Tells whether nothing can be claimed any more, whatever the window says. */
    boolean sealed() {
        return cursor.get() == SEALED;
    }

    /** Makes every further claim fail, and returns the newest position claimed; a huge one if it was sealed before. */
    long seal() {
        return cursor.getAndSet(SEALED);
    }
}
