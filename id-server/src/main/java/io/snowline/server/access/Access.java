package io.snowline.server.access;

import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * What guards the requests to a whole server.
 *
 * <p>Thread-safe.
 */
public final class Access {

    private final Limits limits;
    private final LongSupplier nanoTime;
    private final FailedLogins failedLogins;
    private final AnswersInFlight answersInFlight;
    private final List<LiveTokens> changeable = new CopyOnWriteArrayList<>();

    /** Begins with nothing counted. */
    public Access(Limits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.failedLogins = new FailedLogins(limits.failedLoginsPerMinute(), nanoTime);
        this.answersInFlight = new AnswersInFlight(limits.answersInFlight());
    }

    /** Returns the bounds. */
    public Limits limits() {
        return limits;
    }

    /** Returns what wrong tokens were sent by whom. */
    public FailedLogins failedLogins() {
        return failedLogins;
    }

    /** Returns what is being answered. */
    public AnswersInFlight answersInFlight() {
        return answersInFlight;
    }

    /**
     * Makes the clients of a namespace.
     *
     * @param recorded whether IDs per day are bounded
     */
    public Clients clients(String namespace, TokenSettings settings, boolean recorded) {
        LiveTokens tokens = new LiveTokens(namespace, settings);
        if (tokens.changeable()) {
            changeable.add(tokens);
        }
        return new Clients(
                tokens,
                limits.idsPerSecond(),
                recorded ? limits.idsPerDay() : OptionalLong.empty(),
                nanoTime,
                Clock.systemUTC());
    }

    /** Reads files of tokens again if they have changed. Only one thread may call this at a time. */
    public void refresh() {
        changeable.forEach(LiveTokens::refresh);
    }
}
