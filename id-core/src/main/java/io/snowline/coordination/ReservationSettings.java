package io.snowline.coordination;

import java.time.Duration;

/**
 * How far ahead windows reach, and how often they are renewed.
 *
 * <p>Immutable and thread-safe.
 *
 * @param ahead how far beyond the present a window may end, which is how long a process can issue without its
 *     coordinator. Fixed per namespace by its first process; a process with a larger one raises it. From 1 ms to a day
 * @param renewEvery how often a window is extended, give or take a fifth; from 1 ms to half of {@code ahead}
 * @param takeoverGrace how long after its window's end a node id still counts as held; from zero to a day
 * @param guard by how much the clocks of the backend's servers may disagree, including the time for which a deposed
 *     primary may continue; from 1 ms to a day, and at most ten times {@code ahead}: a floor that is set too high stays
 * @param maxClockSkew by how much this machine's clock and the backend's may differ at start; from 1 ms to a day
 */
public record ReservationSettings(
        Duration ahead, Duration renewEvery, Duration takeoverGrace, Duration guard, Duration maxClockSkew) {

    /** The largest guard, in multiples of {@code ahead}: a mistyped one would set a floor that no process can lower. */
    private static final int LARGEST_GUARD = 10;

    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** The upper limit of each: with a longer {@code ahead}, losing the store would stamp IDs more than a day early. */
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Windows of 30 s, renewed every 3 s. */
    public static final ReservationSettings DEFAULT = new ReservationSettings(
            Duration.ofSeconds(30),
            Duration.ofSeconds(3),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10));

    /**
     * @throws IllegalArgumentException if a duration is outside its range
     */
    public ReservationSettings {
        requireWithin("ahead", ahead, SHORTEST, "from 1 ms to 1 day");
        if (renewEvery.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("renewEvery must be at least 1 ms, got " + renewEvery);
        }
        if (renewEvery.compareTo(ahead.dividedBy(2)) > 0) {
            throw new IllegalArgumentException("ahead must be at least twice renewEvery, got ahead %s and renewEvery %s"
                    .formatted(ahead, renewEvery));
        }
        requireWithin("takeoverGrace", takeoverGrace, Duration.ZERO, "from 0 to 1 day");
        requireWithin("guard", guard, SHORTEST, "from 1 ms to 1 day");
        if (guard.compareTo(ahead.multipliedBy(LARGEST_GUARD)) > 0) {
            throw new IllegalArgumentException("guard must be at most %s times ahead, got guard %s and ahead %s"
                    .formatted(LARGEST_GUARD, guard, ahead));
        }
        requireWithin("maxClockSkew", maxClockSkew, SHORTEST, "from 1 ms to 1 day");
    }

    /**
     * Checks that windows of these settings cover every tick of a layout. A window ends where a tick ends, at most
     * {@code ahead} from now, and must contain the present tick from the tick's first moment until the next renewal.
     *
     * @param tick the length of a tick
     * @throws IllegalArgumentException if ticks are too long
     */
    public void requireSuits(Duration tick) {
        Duration needed = tick.plus(renewEvery.multipliedBy(3).dividedBy(2));
        if (ahead.compareTo(needed) < 0) {
            throw new IllegalArgumentException(
                    "ahead must be at least tick + 1.5 x renewEvery, since windows end where ticks do, got ahead %s, tick %s and renewEvery %s (at least %s)"
                            .formatted(ahead, tick, renewEvery, needed));
        }
    }

    /** Compares durations themselves: the longest ones overflow a {@code long} of milliseconds. */
    private static void requireWithin(String name, Duration value, Duration shortest, String range) {
        if (value.compareTo(shortest) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("%s must be %s, got %s".formatted(name, range, value));
        }
    }
}
