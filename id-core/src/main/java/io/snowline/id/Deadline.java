package io.snowline.id;

import io.snowline.time.TimeSource;
import java.time.Duration;

/**
 * The end of a wait, on the monotonic clock. A clock that stands still does not make it endless: what was waited meanwhile
 * counts.
 *
 * <p>One thread waits; others may ask how much is left.
 */
final class Deadline {

    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final TimeSource time;
    private final long begunNanos;
    private final long budgetNanos;

    /** What was waited while the clock stood still. */
    private volatile long stoodStillNanos;

    /**
     * Makes a deadline.
     *
     * @param budget how long from now
     */
    Deadline(TimeSource time, Duration budget) {
        this.time = time;
        this.begunNanos = time.monotonicNanos();
        this.budgetNanos = (budget.compareTo(LONGEST) < 0 ? budget : LONGEST).toNanos();
    }

    /** Returns how much is left, in nanoseconds; zero or less when it is over. */
    long remainingNanos() {
        return budgetNanos - (time.monotonicNanos() - begunNanos) - stoodStillNanos;
    }

    /** Tells whether it is over. */
    boolean isOver() {
        return remainingNanos() <= 0;
    }

    /** Waits about as long as told; may return early. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread waits
    void park(long nanos) {
        long before = time.monotonicNanos();
        time.parkNanos(nanos);
        if (time.monotonicNanos() == before) {
            stoodStillNanos += nanos;
        }
    }
}
