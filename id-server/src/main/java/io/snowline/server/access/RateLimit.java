package io.snowline.server.access;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A rate of so many per period. Whatever is taken is owed, and paid off at that rate. Any number may be taken at once while
 * there is room for one, that is, while at most a period's is owed with it: so a single large request is possible, and
 * the next one waits for it.
 *
 * <p>Thread-safe, without a lock.
 */
final class RateLimit {

    private final long periodNanos;
    private final double nanosEach;
    private final LongSupplier nanoTime;

    /** When all that was taken is paid off; compared by difference. */
    private final AtomicLong paidAt;

    /**
     * Makes a rate at which nothing is owed.
     *
     * @param most how many per period; at least 1
     */
    RateLimit(long most, Duration period, LongSupplier nanoTime) {
        this.periodNanos = period.toNanos();
        this.nanosEach = (double) periodNanos / most;
        this.nanoTime = nanoTime;
        this.paidAt = new AtomicLong(nanoTime.getAsLong());
    }

    /** Takes some, if there is room for one; returns how long to wait until there is, zero if they are taken. */
    Duration take(int count) {
        long cost = (long) (nanosEach * count);
        while (true) {
            long now = nanoTime.getAsLong();
            long before = paidAt.get();
            long owed = Math.max(0, before - now);
            Duration wait = untilRoom(owed);
            if (!wait.isZero()) {
                return wait;
            }
            if (paidAt.compareAndSet(before, now + owed + cost)) {
                return Duration.ZERO;
            }
        }
    }

    /** Gives back some that were taken. */
    void giveBack(int count) {
        var unused = paidAt.addAndGet(-(long) (nanosEach * count));
    }

    private Duration untilRoom(long owed) {
        long excess = owed + (long) nanosEach - periodNanos;
        return excess > 0 ? Duration.ofNanos(excess) : Duration.ZERO;
    }

    /** Returns how long it takes until some may be taken; zero if they may be now. */
    Duration waitLeft() {
        return untilRoom(Math.max(0, paidAt.get() - nanoTime.getAsLong()));
    }

    /** Tells whether nothing is owed. */
    boolean paid() {
        return paidAt.get() - nanoTime.getAsLong() <= 0;
    }
}
