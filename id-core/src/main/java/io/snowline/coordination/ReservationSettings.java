package io.snowline.coordination;

import java.time.Duration;

/**
 * How far ahead windows reach, and how often they are renewed.
 *
 * <p>Immutable; threads may share it.
 *
 * @param ahead how far beyond the present a window may end: so long a process goes on issuing without its coordinator.
 *     Fixed per namespace by its first process; a larger one raises it. At least twice {@code renewEvery}
 * @param renewEvery how often a window is extended, give or take a fifth
 * @param takeoverGrace how long after a window's end the node id counts as held still; may be zero
 * @param guard by how much the clocks of the backend's servers may disagree, the time included for which a deposed
 *     primary may go on; positive
 * @param maxClockSkew by how much this machine's clock and the backend's may differ at start; positive
 */
public record ReservationSettings(
        Duration ahead, Duration renewEvery, Duration takeoverGrace, Duration guard, Duration maxClockSkew) {

    /** The longest {@code ahead}: beyond it, a lost store would stamp IDs a day early. */
    public static final Duration LONGEST_AHEAD = Duration.ofDays(1);

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
        requirePositive("ahead", ahead);
        requirePositive("renewEvery", renewEvery);
        requirePositive("guard", guard);
        requirePositive("maxClockSkew", maxClockSkew);
        if (takeoverGrace.isNegative()) {
            throw new IllegalArgumentException("takeoverGrace must not be negative, got " + takeoverGrace);
        }
        if (ahead.compareTo(renewEvery.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException("ahead must be at least twice renewEvery, got ahead %s and renewEvery %s"
                    .formatted(ahead, renewEvery));
        }
        if (ahead.compareTo(LONGEST_AHEAD) > 0) {
            throw new IllegalArgumentException("ahead must be at most %s, got %s".formatted(LONGEST_AHEAD, ahead));
        }
    }

    /**
     * Checks that windows of these settings cover every tick of a layout. A window ends where a tick ends, at most {@code ahead}
     * from now, and the present tick must be in it from its first moment on, until the next renewal has come.
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

    private static void requirePositive(String name, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(name + " must be at least 1 ms, got " + value);
        }
    }
}
