package io.snowline.id;

/**
 * How many positions may be claimed before somebody has to look at the clock again: about what a quarter of a tick needs at
 * the present rate, so that callers look every quarter tick themselves; nothing while the rate is low; and never more than
 * were claimed since it was low, so that a burst that ends leaves over no more than it has had.
 *
 * <p>Used by many threads without a lock: what they may overwrite of each other's is a guess in any case.
 */
final class Allowance {

    /** The most that is ever allowed. */
    static final int MOST = 511;

    private static final long FEW = 16;
    private static final long LONGEST_NANOS = 10_000_000;

    private final long quarterTickNanos;

    private long lookedAtNanos;
    private long allowed;
    private long granted;

    Allowance(long tickMillis) {
        this.quarterTickNanos = Math.min(LONGEST_NANOS, tickMillis * 250_000);
    }

    /** Takes note of a look at the clock, and returns how many positions may be claimed without another. */
    long afterLook(long nanos) {
        long elapsed = Math.max(1, nanos - lookedAtNanos);
        long needed = quarterTickNanos * (granted + 1) / elapsed;
        allowed = Math.min(MOST, Math.min(needed, allowed + granted + 1));
        granted = 0;
        lookedAtNanos = nanos;
        return allowed < FEW ? 0 : allowed;
    }

    /** Takes note of how many positions were granted after the look: fewer, where a tick or a window ends. */
    void granted(long count) {
        granted = count;
    }

    /** Tells whether the latest look was at least half a tick ago. */
    boolean expired(long nanos) {
        return nanos - lookedAtNanos >= 2 * quarterTickNanos;
    }
}
