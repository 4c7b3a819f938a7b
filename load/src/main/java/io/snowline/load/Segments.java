package io.snowline.load;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** TinyID's way: numbers from a segment of 100,000, under the object's lock, which is held while the next one is fetched. */
final class Segments {

    private static final int STEP = 100_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpRequest request;

    @GuardedBy("this")
    private long next;

    @GuardedBy("this")
    private long end;

    /**
     * @param uri answers with another number each time
     */
    Segments(URI uri) {
        request = HttpRequest.newBuilder(uri).build();
    }

    synchronized long nextId() {
        if (next == end) {
            next = fetch() % 1_000_000_000 * STEP;
            end = next + STEP;
        }
        return next++;
    }

    /** Asks for one number. */
    long fetch() {
        try {
            return Long.parseLong(
                    http.send(request, BodyHandlers.ofString()).body().replaceAll("[^0-9]", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
