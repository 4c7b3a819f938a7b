package io.snowline.server.issuing;

import io.snowline.server.threads.DeferredTasks;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A FIFO queue of requests. However many there are, one thread at a time serves them, so that a burst costs neither a
 * thread nor a wake-up for each. No thread is used while the queue is empty.
 *
 * <p>Thread-safe.
 *
 * @param <T> a request
 */
final class WaitingLine<T> {

    private final Queue<T> waiting = new ConcurrentLinkedQueue<>();

    /** How many requests there are, including the one being served: at most as many as were added and not removed. */
    private final AtomicInteger length = new AtomicInteger();

    private final Consumer<T> serving;
    private final Consumer<T> rejecting;

    /**
     * Makes an empty line.
     *
     * @param serving serves a request, and may block; must not throw
     * @param rejecting rejects a request when there is no thread to serve it, because the process is stopping
     */
    WaitingLine(Consumer<T> serving, Consumer<T> rejecting) {
        this.serving = serving;
        this.rejecting = rejecting;
    }

    /** Tells whether no request is waiting or being served. */
    boolean isEmpty() {
        return length.get() == 0;
    }

    /** Adds a request, without blocking. */
    void join(T newcomer, Executor executor) {
        waiting.add(newcomer); // first, since the serving thread removes one for each that was counted
        if (length.getAndIncrement() > 0) {
            return;
        }
        try {
            executor.execute(() -> DeferredTasks.following(() -> work(serving)));
        } catch (RejectedExecutionException e) {
            work(rejecting);
        }
    }

    private void work(Consumer<T> task) {
        do {
            attempt(task, waiting.remove());
        } while (length.decrementAndGet() > 0);
    }

    /** An error of the virtual machine must not end the line: no request behind it would ever be served. */
    private static <T> void attempt(Consumer<T> task, T member) {
        try {
            task.accept(member);
        } catch (RuntimeException | Error e) {
            DeferredTasks.report(e);
        }
    }
}
