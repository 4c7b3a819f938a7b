package io.snowline.server.issuing;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Those who must wait, served one after the other in the order of their coming. However many they are, one thread at a
 * time serves them, so that a burst costs neither a thread nor a wake-up for each. There is no thread while nobody waits.
 *
 * <p>Safe for use by many threads.
 *
 * @param <T> who waits
 */
final class WaitingLine<T> {

    private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger length = new AtomicInteger();
    private final Consumer<T> serving;
    private final Consumer<T> rejecting;

    /**
     * Makes an empty line.
     *
     * @param serving serves one, and may block; throws nothing
     * @param rejecting turns one away when there is no thread to serve anybody, because the process stops
     */
    WaitingLine(Consumer<T> serving, Consumer<T> rejecting) {
        this.serving = serving;
        this.rejecting = rejecting;
    }

    /** Tells whether nobody waits or is being served. */
    boolean isEmpty() {
        return length.get() == 0;
    }

    /** Joins the line, without blocking. */
    void join(T newcomer, Executor executor) {
        waiting.add(newcomer);
        if (length.getAndIncrement() > 0) {
            return;
        }
        try {
            executor.execute(() -> work(serving));
        } catch (RejectedExecutionException e) {
            work(rejecting);
        }
    }

    private void work(Consumer<T> task) {
        do {
            task.accept(waiting.remove());
        } while (length.decrementAndGet() > 0);
    }
}
