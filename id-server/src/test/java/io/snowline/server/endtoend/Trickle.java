package io.snowline.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.ServerProcess;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that asks a server for an ID every other millisecond, until it is closed, and remembers every answer.
 * Thread-safe.
 */
final class Trickle implements AutoCloseable {

    private static final long BETWEEN_NANOS = 2_000_000;

    private final ServerProcess server;
    private final Thread thread = new Thread(this::run, "trickle");
    private final List<Long> ids = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private volatile boolean closed;

    private Trickle(ServerProcess server) {
        this.server = server;
    }

    static Trickle start(ServerProcess server) {
        Trickle trickle = new Trickle(server);
        trickle.thread.start();
        return trickle;
    }

    private void run() {
        while (!closed) {
            ask();
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
    }

    private void ask() {
        HttpResponse<String> answer = server.get("/v1/default/id");
        synchronized (this) {
            if (answer.statusCode() == 200) {
                ids.add(Long.parseLong(answer.body().replaceAll("[^0-9]", "")));
            } else {
                refusals.add(
                        answer.statusCode() + " " + answer.headers().map().get("Retry-After") + " " + answer.body());
            }
        }
    }

    synchronized int issued() {
        return ids.size();
    }

    synchronized List<String> refusals() {
        return List.copyOf(refusals);
    }

    /** Waits until an ID comes, and returns how long that took. */
    Duration awaitId() {
        long began = System.nanoTime();
        int before = issued();
        while (issued() == before) {
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Waits until a request is refused. */
    void awaitRefusal() {
        long began = System.nanoTime();
        while (refusals().isEmpty()) {
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
    }

    /** Stops asking, and checks that IDs grew from each answer to the next. */
    void assertGrowing() {
        close();
        for (int i = 1; i < ids.size(); i++) {
            assertThat(ids.get(i)).as("ID %d of %d", i, ids.size()).isGreaterThan(ids.get(i - 1));
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
