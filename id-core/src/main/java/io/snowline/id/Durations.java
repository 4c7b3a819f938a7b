package io.snowline.id;

import java.time.Duration;

/** Checks durations. */
final class Durations {

    /** The longest wait of a caller, and the longest lead of a burst. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private static final Duration SHORTEST_KEEP = Duration.ofMillis(1);

    private Durations() {}

    /**
     * @throws IllegalArgumentException if the duration is negative or longer than 1 h
     */
    static Duration requireUpToAnHour(String name, Duration value) {
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " must be from 0 to 1 h, got " + value);
        }
        return value;
    }

    /**
     * @throws IllegalArgumentException if the duration is shorter than 1 ms or longer than records can be kept
     */
    static Duration requireKeepable(String name, Duration value) {
        if (value.compareTo(SHORTEST_KEEP) < 0 || value.compareTo(RecordedIdGenerator.LONGEST_KEEP) > 0) {
            throw new IllegalArgumentException("%s must be from 1 ms to %s days, got %s"
                    .formatted(name, RecordedIdGenerator.LONGEST_KEEP.toDays(), value));
        }
        return value;
    }
}
