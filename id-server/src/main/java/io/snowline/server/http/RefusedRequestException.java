package io.snowline.server.http;

import io.snowline.server.access.Limit;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request that is answered with an error status; the message is for the client, and names value and rule. */
public final class RefusedRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> headers;
    private final @Nullable Limit limit;

    /** Makes a refusal; the headers belong to the answer. */
    public RefusedRequestException(int status, String message, Map<String, String> headers) {
        this(status, message, headers, null);
    }

    private RefusedRequestException(int status, String message, Map<String, String> headers, @Nullable Limit limit) {
        super(message, null, false, false); // an answer, not a failure: its stack trace would never be read
        this.status = status;
        this.headers = Map.copyOf(headers);
        this.limit = limit;
    }

    /** Makes a refusal because nothing can be answered now. */
    static RefusedRequestException unavailable(String message, Duration retryAfter) {
        return new RefusedRequestException(503, message, retryAfter(retryAfter));
    }

    /** Makes a refusal because a bound is exceeded. */
    static RefusedRequestException exceeded(Limit limit, int status, String message, Duration retryAfter) {
        return new RefusedRequestException(status, message, retryAfter(retryAfter), limit);
    }

    private static Map<String, String> retryAfter(Duration wait) {
        return Map.of("Retry-After", Long.toString(Math.max(1, (wait.toMillis() + 999) / 1000)));
    }

    static RefusedRequestException badRequest(String message) {
        return new RefusedRequestException(400, message, Map.of());
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns the headers that go with the status. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Returns the bound that is exceeded, if that is why. */
    Optional<Limit> limit() {
        return Optional.ofNullable(limit);
    }
}
