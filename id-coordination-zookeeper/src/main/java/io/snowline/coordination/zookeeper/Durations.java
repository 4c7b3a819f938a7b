package io.snowline.coordination.zookeeper;

import java.time.Duration;

/** Checks durations. */
final class Durations {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
    private static final Duration LONGEST_KEPT = Duration.ofDays(36_500);

    private Durations() {}

    static Duration requireTimeout(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(name + " must be from 1 ms to 1 h, got " + value);
        }
        return value;
    }

    /** Checks how long something is to last in ZooKeeper. */
    static Duration requireKeepable(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST_KEPT) > 0) {
            throw new IllegalArgumentException(name + " must be from 1 ms to 36500 days, got " + value);
        }
        return value;
    }

    /** Returns a timeout in the unit that ZooKeeper counts in. */
    static int millis(Duration timeout) {
        return Math.toIntExact(timeout.toMillis());
    }
}
