package io.snowline.server.http;

import java.util.Map;
import org.eclipse.jetty.http.HttpMethod;

/**
 * The calls under {@code /v1/{namespace}}. The methods that issue IDs do not include HEAD: it would use up an ID that
 * no client sees.
 */
enum Route {
    /** {@code id}: issues one ID. */
    ONE("GET, POST, OPTIONS"),
    /** {@code ids}: issues several. */
    MANY("GET, POST, OPTIONS"),
    /** {@code range}: issues positions in a row, from which the client composes IDs. */
    RANGE("GET, POST, OPTIONS"),
    /** {@code ids/{id}}: shows what an ID contains. */
    DECODE("GET, HEAD, OPTIONS"),
    /** {@code times}: shows the IDs of a stretch of time. */
    TIMES("GET, HEAD, OPTIONS");

    private final String methods;

    Route(String methods) {
        this.methods = methods;
    }

    /** Tells whether it issues IDs. */
    private boolean issues() {
        return this == ONE || this == MANY || this == RANGE;
    }

    /** Returns the methods that it answers to, as in the Allow header. */
    String methods() {
        return methods;
    }

    /**
     * Makes sure that it answers to a method other than OPTIONS.
     *
     * @throws RefusedRequestException with 405 if it does not
     */
    void check(String method) {
        if (HttpMethod.GET.is(method) || (issues() ? HttpMethod.POST : HttpMethod.HEAD).is(method)) {
            return;
        }
        throw new RefusedRequestException(
                405, "the method must be one of %s here, got %s".formatted(methods, method), Map.of("Allow", methods));
    }
}
