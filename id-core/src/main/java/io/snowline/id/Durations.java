package io.snowline.id;

import java.time.Duration;

/** Checks durations. */
final class Durations {

    private static final Duration LONGEST_WAIT = Duration.ofDays(1);
    private static final Duration SHORTEST_KEPT = Duration.ofMillis(1);
    private static final Duration LONGEST_KEPT = Duration.ofDays(36_500);

    private Durations() {}

    /** Checks how long something may wait, or run ahead. */
    static Duration requireWait(String name, Duration value) {
        if (value.isNegative() || value.compareTo(LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException(name + " must be from 0 to 1 day, got " + value);
        }
        return value;
    }

    /** Checks how long something is to be kept. */
    static Duration requireKeepable(String name, Duration value) {
        if (value.compareTo(SHORTEST_KEPT) < 0 || value.compareTo(LONGEST_KEPT) > 0) {
            throw new IllegalArgumentException(name + " must be from 1 ms to 36500 days, got " + value);
        }
        return value;
    }
}
