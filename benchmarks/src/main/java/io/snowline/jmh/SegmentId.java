package io.snowline.jmh;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** TinyID's way: numbers from a segment, handed out under the object's lock; a caller fetches the next one while it has it. */
final class SegmentId {

    static final int STEP = 100_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpRequest request;

    @GuardedBy("this")
    private long next;

    @GuardedBy("this")
    private long end;

    SegmentId(URI server) {
        request = HttpRequest.newBuilder(server.resolve("/segment")).build();
    }

    synchronized long nextId() {
        if (next == end) {
            next = Long.parseLong(get(http, request));
            end = next + STEP;
        }
        return next++;
    }

    /** Returns the body of an answer. */
    static String get(HttpClient http, HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
