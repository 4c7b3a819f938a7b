package io.snowline.server.http;

import java.util.Map;

/** A request that is answered with an error status; the message is for the client, and names value and rule. */
public final class RefusedRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> headers;

    /** Makes a refusal; the headers belong to the answer. */
    public RefusedRequestException(int status, String message, Map<String, String> headers) {
        super(message, null, false, false); // an answer, not a failure: its stack trace would never be read
        this.status = status;
        this.headers = Map.copyOf(headers);
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
}
