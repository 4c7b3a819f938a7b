package io.snowline.id;

import java.time.Duration;

/** Checks durations. */
final class Durations {

    private Durations() {}

    static Duration requireNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, got " + value);
        }
        return value;
    }
}
