package io.snowline.id;

/**
 * How many positions may be claimed before a caller has to read the clock again: about as many as a quarter of a tick
 * needs at the present rate, so that callers still read it every quarter tick; none while the rate is low; and never
 * more than were claimed since it was low, so that a burst, when it ends, leaves behind no more positions than it has
 * had.
 *
 * <p>Used by many threads without a lock: the values that they may overwrite are estimates in any case.
 */
final class ClockReadBudget {

    /** The maximum that is ever allowed. */
    static final int MOST = 511;

    private static final long FEW = 16;
    private static final long LONGEST_NANOS = 10_000_000;

    private final long quarterTickNanos;

    private long lookedAtNanos;
    private long allowed;
    private long granted;

    ClockReadBudget(long tickMillis) {
        this.quarterTickNanos = Math.min(LONGEST_NANOS, tickMillis * 250_000);
    }

    /** Notes a reading of the clock, and returns how many positions may be claimed without another. */
    long afterLook(long nanos) {
        long elapsed = Math.max(1, nanos - lookedAtNanos);
        long needed = quarterTickNanos * (granted + 1) / elapsed;
        allowed = Math.min(MOST, Math.min(needed, allowed + granted + 1));
        granted = 0;
        lookedAtNanos = nanos;
        return allowed < FEW ? 0 : allowed;
    }

    /** Notes how many positions were granted after the reading: fewer than allowed where a tick or a window ends. */
    void granted(long count) {
        granted = count;
    }

    /** Tells whether the latest reading was at least half a tick ago. */
    boolean expired(long nanos) {
        return nanos - lookedAtNanos >= 2 * quarterTickNanos;
    }
}
