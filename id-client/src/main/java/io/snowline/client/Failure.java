package io.snowline.client;

import io.snowline.id.IdUnavailableException;
import io.snowline.id.IdUnavailableException.Reason;
import java.time.Duration;

/**
 * Why there is no range. Immutable and thread-safe.
 *
 * @param reason in a word
 * @param message in words, without secrets
 * @param restNanos how long the server wants to be left alone; 0 if it did not say
 */
record Failure(Reason reason, String message, long restNanos) {

    static Failure unavailable(String message) {
        return new Failure(Reason.SERVER_UNAVAILABLE, message, 0);
    }

    static Failure refused(String message) {
        return new Failure(Reason.REQUEST_REFUSED, message, 0);
    }

    IdUnavailableException exception(long retryNanos) {
        return new IdUnavailableException(reason, Duration.ofNanos(Math.max(0, retryNanos)), message);
    }
}
