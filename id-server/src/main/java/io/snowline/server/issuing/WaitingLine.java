package io.snowline.server.issuing;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Those who must wait, served in the order of their coming, one after the other or those who wait at the same moment
 * together. However many they are, one thread at a time serves them, so that a burst costs neither a thread nor a wake-up
 * for each. There is no thread while nobody waits.
 *
 * <p>Safe for use by many threads.
 *
 * @param <T> who waits
 */
final class WaitingLine<T> {

    private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger length = new AtomicInteger();
    private final int most;
    private final ToIntFunction<T> size;
    private final Consumer<List<T>> serving;
    private final Consumer<T> rejecting;

    /**
     * Makes an empty line whose members are served one by one.
     *
     * @param serving serves one, and may block; throws nothing
     * @param rejecting turns one away when there is no thread to serve anybody, because the process stops
     */
    WaitingLine(Consumer<T> serving, Consumer<T> rejecting) {
        this(1, member -> 1, group -> serving.accept(group.get(0)), rejecting);
    }

    /**
     * Makes an empty line whose members are served together.
     *
     * @param most the size of a group, at most, unless one member alone is larger
     * @param size what a member counts
     * @param serving serves a group, and may block; throws nothing
     * @param rejecting turns one away when there is no thread to serve anybody, because the process stops
     */
    WaitingLine(int most, ToIntFunction<T> size, Consumer<List<T>> serving, Consumer<T> rejecting) {
        this.most = most;
        this.size = size;
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
            work(group -> group.forEach(rejecting));
        }
    }

    private void work(Consumer<List<T>> task) {
        List<T> group;
        do {
            group = next();
            attempt(task, group);
        } while (length.addAndGet(-group.size()) > 0);
    }

    /** An error of the virtual machine must not end the line: nobody behind would ever be served. */
    private void attempt(Consumer<List<T>> task, List<T> group) {
        try {
            task.accept(group);
        } catch (RuntimeException | Error e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    private List<T> next() {
        List<T> group = new ArrayList<>();
        @Nullable T next = waiting.element();
        int total = 0;
        while (next != null && (group.isEmpty() || total + size.applyAsInt(next) <= most)) {
            total += size.applyAsInt(next);
            group.add(waiting.remove());
            next = waiting.peek();
        }
        return group;
    }
}
