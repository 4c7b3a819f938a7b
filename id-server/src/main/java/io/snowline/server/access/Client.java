package io.snowline.server.access;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a namespace knows of those who send the same token, or tokens of the same name; where it has no tokens, of
 * everyone.
 *
 * <p>Thread-safe.
 */
public final class Client {

    /** A client without a name, and without bounds. */
    public static final Client UNBOUNDED = new Client("", null, null);

    private final String name;
    private final @Nullable RateLimit perSecond;
    private final @Nullable DailyQuota perDay;

    Client(String name, @Nullable RateLimit perSecond, @Nullable DailyQuota perDay) {
        this.name = name;
        this.perSecond = perSecond;
        this.perDay = perDay;
    }

    /** Returns the name of the token; empty if it has none. */
    public String name() {
        return name;
    }

    /** Takes IDs from the second's, and returns how long to wait; zero if they are taken, or there is no such bound. */
    public Duration takeOfSecond(int count) {
        return perSecond == null ? Duration.ZERO : perSecond.take(count);
    }

    /** Takes IDs from the day's, and returns how long to wait; zero if they are taken, or there is no such bound. */
    public Duration takeOfDay(int count) {
        return perDay == null ? Duration.ZERO : perDay.take(count);
    }

    /** Gives back what was taken and not issued. */
    public void giveBack(int count) {
        if (perSecond != null) {
            perSecond.giveBack(count);
        }
        giveBackToDay(count);
    }

    /** Gives back to the day what was not issued. */
    public void giveBackToDay(int count) {
        if (perDay != null) {
            perDay.giveBack(count);
        }
    }
}
