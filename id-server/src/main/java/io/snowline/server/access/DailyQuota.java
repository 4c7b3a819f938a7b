package io.snowline.server.access;

import java.time.Clock;
import java.time.Duration;

/** A number of IDs for each day of UTC. Thread-safe. */
final class DailyQuota {

    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    private final long most;
    private final Clock clock;
    private long day;
    private long taken;

    DailyQuota(long most, Clock clock) {
        this.most = most;
        this.clock = clock;
    }

    /** Takes some if the day has as many left; returns how long to wait for the next day, zero if they are taken. */
    synchronized Duration take(int count) {
        long now = clock.millis();
        long today = Math.floorDiv(now, DAY_MILLIS);
        if (today != day) {
            day = today;
            taken = 0;
        }
        if (taken + count > most) {
            return Duration.ofMillis((today + 1) * DAY_MILLIS - now);
        }
        taken += count;
        return Duration.ZERO;
    }

    /** Gives back some that were taken today and not issued. */
    synchronized void giveBack(int count) {
        taken = Math.max(0, taken - count);
    }
}
