package io.snowline.id;

import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The end of a caller's wait, by the monotonic clock. It comes even if that clock stands still: a wait during which the
 * clock has not moved at all counts with its intended length. Not thread-safe.
 */
final class Deadline {

    private final TimeSource time;
    private final long budgetNanos;
    private final long begunNanos;

    /** The time spent waiting while the clock stood still. */
    private long stillNanos;

    /** Creates a deadline that lies a given time ahead of now. */
    Deadline(TimeSource time, Duration budget) {
        this(time, nanos(budget));
    }

    Deadline(TimeSource time, long budgetNanos) {
        this.time = time;
        this.budgetNanos = budgetNanos;
        this.begunNanos = time.monotonicNanos();
    }

    /** Returns a duration in nanoseconds; one that a {@code long} cannot hold counts as 292 years. */
    static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    /** Returns how long a caller may still wait; not positive once the deadline has passed. */
    long remainingNanos() {
        return budgetNanos - Math.max(0, time.monotonicNanos() - begunNanos) - stillNanos;
    }

    /**
     * Waits for about the given time, but no longer than what remains; may return early, as
     * {@link TimeSource#parkNanos} does.
     */
    void park(long nanos) {
        long meant = Math.min(nanos, remainingNanos());
        if (meant <= 0) {
            return;
        }
        long before = time.monotonicNanos();
        time.parkNanos(meant);
        if (time.monotonicNanos() == before) {
            stillNanos += meant;
            LockSupport.parkNanos(this, meant); // a time source whose clock stands still may not wait either
        }
    }
}
