package io.snowline.server.http;

import io.snowline.server.issuing.Issuer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.eclipse.jetty.server.Request;

/**
 * Counts the answers of one namespace, and takes down how long each took since the head of its request had arrived.
 *
 * <p>Thread-safe.
 */
final class AnswerCounter {

    private final Issuer issuer;
    private final Map<Route, LongConsumer> timers = new EnumMap<>(Route.class);

    AnswerCounter(Issuer issuer) {
        this.issuer = issuer;
        for (Route call : Route.values()) {
            timers.put(call, issuer.timer(call.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** Counts an answer that is about to be sent. */
    void count(Route call, Request request, int status) {
        issuer.answered(status);
        Objects.requireNonNull(timers.get(call)).accept(System.nanoTime() - request.getHeadersNanoTime());
    }
}
