package io.snowline.id;

import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The end of what a caller may wait, by the monotonic clock. It comes on a clock that stands still as well: a wait during
 * which the clock has not moved at all counts for as long as it was meant to be. Not thread-safe.
 */
final class Deadline {

    private final TimeSource time;
    private final long budgetNanos;
    private final long begunNanos;

    /** What was waited while the clock stood still. */
    private long stillNanos;

    /** Makes a deadline that lies some time ahead of now. */
    Deadline(TimeSource time, Duration budget) {
        this(time, nanos(budget));
    }

    Deadline(TimeSource time, long budgetNanos) {
        this.time = time;
        this.budgetNanos = budgetNanos;
        this.begunNanos = time.monotonicNanos();
    }

    /** Returns a duration in nanoseconds; one that no {@code long} can hold is as long as 292 years. */
    static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    /** Returns how long a caller may still wait; not positive once the deadline has passed. */
    long remainingNanos() {
        return budgetNanos - Math.max(0, time.monotonicNanos() - begunNanos) - stillNanos;
    }

    /** Waits about as long as told, but no longer than what remains; may return early, as {@link TimeSource#parkNanos} does. */
    void park(long nanos) {
        long meant = Math.min(nanos, remainingNanos());
        if (meant <= 0) {
            return;
        }
        long before = time.monotonicNanos();
        time.parkNanos(meant);
        if (time.monotonicNanos() == before) {
            stillNanos += meant;
            LockSupport.parkNanos(this, meant); // a clock that stands still may not wait either
        }
    }
}
