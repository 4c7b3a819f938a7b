package io.snowline.id;

import io.snowline.coordination.Window;
import io.snowline.time.TickScale;
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
    private final TickScale scale;
    private final AtomicLong cursor;

    /**
     * Makes a lane.
     *
     * @param first the first position it may claim, at or above the window's start
     */
    Lane(Window window, long first, TickScale scale) {
        this.window = window;
        this.scale = scale;
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
            long first = newest < present - 1 ? scattered(present, limit) : newest + 1;
            if (first >= limit || newest == SEALED) {
                return NOTHING;
            }
            long last = first + Math.min(wanted, limit - first) - 1;
            if (cursor.compareAndSet(newest, last)) {
                return first;
            }
        }
    }

    private long scattered(long present, long limit) {
        long first = scale.scattered(present);
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
