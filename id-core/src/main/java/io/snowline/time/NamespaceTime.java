package io.snowline.time;

/**
 * The time at which new windows of a namespace start (rule P2): now, or, while a raised floor lies ahead, a time that
 * leaves the floor at the moment when windows above it could first be reserved, and runs at half speed until now has
 * caught up.
 *
 * <pre>
 *   time
 *    |                       ..  /
 *    |                  ..      /  now
 *  floor       .  ..           /
 *    |        .               /
 *    +--------+---------------+---+------> now
 *        usableFrom         floor floor + ahead
 * </pre>
 *
 * <p>It depends on nothing but the namespace record and now. So all processes agree on it, and a process that restarts
 * does not go back.
 *
 * <p>Immutable and thread-safe.
 *
 * @param floorMillis the instant of the floor, in milliseconds since 1970
 * @param usableFromMillis when windows above the floor could first be reserved, in milliseconds since 1970
 */
public record NamespaceTime(long floorMillis, long usableFromMillis) {

    /** The time of a namespace with no floor ahead: now. */
    public static final NamespaceTime NOW = new NamespaceTime(Long.MIN_VALUE / 4, Long.MIN_VALUE / 4);

    /**
     * Returns the namespace time.
     *
     * @param nowMillis now, in milliseconds since 1970
     */
    public long at(long nowMillis) {
        return Math.max(nowMillis, floorMillis + Math.max(0, nowMillis - usableFromMillis) / 2);
    }

    /** Tells whether the namespace time is ahead of now, and so runs at half speed. */
    public boolean ahead(long nowMillis) {
        return at(nowMillis) > nowMillis;
    }

    /** Returns the instant from which on the namespace time is now again, in milliseconds since 1970. */
    public long caughtUpMillis() {
        return Math.max(floorMillis, 2 * floorMillis - usableFromMillis);
    }

    /**
     * Returns the wall-clock time at which the namespace time reaches an instant, in milliseconds since 1970.
     *
     * @param millis the instant, in milliseconds since 1970
     */
    public long wallMillisOf(long millis) {
        return millis <= floorMillis ? millis : Math.min(millis, usableFromMillis + 2 * (millis - floorMillis));
    }
}
