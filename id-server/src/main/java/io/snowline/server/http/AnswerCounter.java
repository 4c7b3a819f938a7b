package io.snowline.server.http;

import io.snowline.server.issuing.Issuer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.eclipse.jetty.server.Request;

/**
 * Counts the answers of one namespace, and takes down how long each took since the head of its request had arrived.
 *
 * <p>Thread-safe.
 */
final class AnswerCounter {

    private final Issuer issuer;
    private final Map<String, LongConsumer> timers = new ConcurrentHashMap<>();

    AnswerCounter(Issuer issuer) {
        this.issuer = issuer;
        for (Route call : Route.values()) {
            timers.put(call.text(), issuer.timer(call.text()));
        }
    }

    /** Counts an answer that is about to be sent. */
    void count(String call, Request request, int status) {
        issuer.answered(status);
        timers.computeIfAbsent(call, issuer::timer).accept(System.nanoTime() - request.getHeadersNanoTime());
    }
}
