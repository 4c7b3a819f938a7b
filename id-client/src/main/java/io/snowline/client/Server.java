package io.snowline.client;

import java.net.URI;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A server, and what is known about it. Not thread-safe. */
final class Server {

    private static final long FIRST_REST_NANOS = 1_000_000_000L;
    private static final long LONGEST_REST_NANOS = 30_000_000_000L;

    private final URI base;
    private long restNanos = FIRST_REST_NANOS;
    private long restsUntilNanos;
    private boolean answered;
    private @Nullable Failure failure;

    Server(URI base) {
        this.base = base;
    }

    URI base() {
        return base;
    }

    /** Notes a range. */
    void succeeded() {
        restNanos = FIRST_REST_NANOS;
        failure = null;
        answered = true;
    }

    /**
     * Notes a failure. The server is left alone for as long as it asked for, at most 30 s; if it did not, for 1 s the first
     * time, and for twice as long each time after that. All but what it asked for is shortened at random by up to a
     * half, so that clients do not come back together.
     */
    void failed(Failure why, long nanos, SplittableRandom random) {
        failure = why;
        answered = false;
        long rest = Math.min(why.restNanos(), LONGEST_REST_NANOS);
        if (rest == 0) {
            rest = restNanos - random.nextLong(restNanos / 2);
            restNanos = Math.min(2 * restNanos, LONGEST_REST_NANOS);
        }
        restsUntilNanos = nanos + rest;
    }

    /** Returns the failure of the latest request, if it failed. */
    Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    /** Tells whether the latest request was answered with a range, so that its connection may still be open. */
    boolean answered() {
        return answered;
    }

    /** Returns how long the server is to be left alone; not positive if it may be asked. */
    long restsForNanos(long nanos) {
        return failure == null ? 0 : restsUntilNanos - nanos;
    }
}
