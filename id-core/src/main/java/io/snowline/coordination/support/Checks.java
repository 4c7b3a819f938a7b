package io.snowline.coordination.support;

import java.time.Duration;

/** Checks of settings and arguments; each failure message names the value and the rule. Thread-safe. */
public final class Checks {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
    private static final Duration LONGEST_KEPT = Duration.ofDays(36_500);

    private Checks() {}

    /**
     * Checks a timeout: 1 ms to 1 h.
     *
     * @param name the setting's name, for the message
     * @return the timeout
     * @throws IllegalArgumentException if it is shorter or longer
     */
    public static Duration requireTimeout(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(name + " must be from 1 ms to 1 h, got " + value);
        }
        return value;
    }

    /**
     * Checks how long something is kept in a backend, such as a lock or a ledger entry: 1 ms to 36,500 days.
     *
     * @param name the argument's name, for the message
     * @return the duration
     * @throws IllegalArgumentException if it is shorter or longer
     */
    public static Duration requireKeepable(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST_KEPT) > 0) {
            throw new IllegalArgumentException(name + " must be from 1 ms to 36500 days, got " + value);
        }
        return value;
    }
}
