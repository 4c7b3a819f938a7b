package io.snowline.server.http;

import java.util.Map;
import org.eclipse.jetty.http.HttpMethod;

/**
 * The calls that there are under {@code /v1/{namespace}}. HEAD is none of the methods that issue: it would use up an ID
 * that nobody sees.
 */
enum Call {
    /** {@code id}: issues one ID. */
    ONE("GET, POST, OPTIONS"),
    /** {@code ids}: issues several. */
    MANY("GET, POST, OPTIONS"),
    /** {@code ids/{id}}: tells what an ID says. */
    DECODE("GET, HEAD, OPTIONS");

    private final String methods;

    Call(String methods) {
        this.methods = methods;
    }

    /** Returns the methods that it answers to, as the Allow header has them. */
    String methods() {
        return methods;
    }

    /**
     * Makes sure that it answers to a method other than OPTIONS.
     *
     * @throws RefusedRequestException with 405 if it does not
     */
    void check(String method) {
        if (HttpMethod.GET.is(method) || (this == DECODE ? HttpMethod.HEAD : HttpMethod.POST).is(method)) {
            return;
        }
        throw new RefusedRequestException(
                405, "the method must be one of %s here, got %s".formatted(methods, method), Map.of("Allow", methods));
    }
}
