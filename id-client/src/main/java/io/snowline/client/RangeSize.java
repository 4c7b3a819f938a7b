package io.snowline.client;

/**
 * How many positions to ask for: about as many as callers take in a fifth of a second, and at most double or half of what
 * was asked for last. So a busy client asks about five times a second, and one that has become quiet wastes little.
 *
 * <p>Not thread-safe.
 */
final class RangeSize {

    private static final int SMALLEST = 16;
    private static final double TARGET_NANOS = 200e6;

    private final int smallest;
    private int largest;
    private int size;

    RangeSize(int largest) {
        this.largest = largest;
        this.smallest = Math.min(SMALLEST, largest);
        this.size = smallest;
    }

    /**
     * Returns how many to ask for.
     *
     * @param used how many IDs were taken since the size was last asked for
     * @param nanos the time since then
     * @param wanted how many IDs callers are waiting for
     */
    int next(long used, long nanos, long wanted) {
        double needed = (double) used * TARGET_NANOS / (double) Math.max(1, nanos);
        double near = Math.max(size / 2.0, Math.min(needed, 2.0 * size));
        size = (int) Math.max(smallest, Math.min(Math.max(near, (double) wanted), largest));
        return size;
    }

    /**
     * Asks for less from now on, because a server's {@code maxRange} may be smaller than what was asked for.
     *
     * @return how many to ask for instead; 0 if it cannot be less
     */
    int lessThan(int refused) {
        if (refused <= smallest) {
            return 0;
        }
        largest = Math.max(smallest, refused / 2);
        size = largest;
        return size;
    }
}
