package io.snowline.coordination.redis;

import java.time.Duration;

/** Checks durations. */
final class Durations {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);

    private Durations() {}

    static Duration requireTimeout(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(name + " must be from 1 ms to 1 h, got " + value);
        }
        return value;
    }

    /** Returns a duration in milliseconds, in digits. */
    static String millis(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(name + " must be at least 1 ms, got " + value);
        }
        return Long.toString(value.toMillis());
    }
}
