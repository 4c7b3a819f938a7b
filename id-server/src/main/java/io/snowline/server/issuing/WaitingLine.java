package io.snowline.server.issuing;

import io.snowline.server.threads.Afterwards;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
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
    private final Function<List<T>, Optional<Runnable>> serving;
    private final Consumer<T> rejecting;

    /**
     * Makes an empty line whose members are served one by one.
     *
     * @param serving serves one, and may block; throws nothing
     * @param rejecting turns one away when there is no thread to serve anybody, because the process stops
     */
    WaitingLine(Consumer<T> serving, Consumer<T> rejecting) {
        this(
                1,
                member -> 1,
                group -> {
                    serving.accept(group.get(0));
                    return Optional.empty();
                },
                rejecting);
    }

    /**
     * Makes an empty line whose members are served together.
     *
     * @param most the size of a group, at most, unless one member alone is larger
     * @param size what a member counts
     * @param serving serves a group, and may block; throws nothing. Returns what is left to do for the group, which those
     *     behind it do not wait for
     * @param rejecting turns one away when there is no thread to serve anybody, because the process stops
     */
    WaitingLine(int most, ToIntFunction<T> size, Function<List<T>, Optional<Runnable>> serving, Consumer<T> rejecting) {
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
            executor.execute(() -> Afterwards.following(() -> work(serving, executor)));
        } catch (RejectedExecutionException e) {
            work(this::reject, executor);
        }
    }

    private Optional<Runnable> reject(List<T> group) {
        group.forEach(rejecting);
        return Optional.empty();
    }

    /** What is left of the last group is done here: whoever comes meanwhile finds the line empty, and gets another thread. */
    private void work(Function<List<T>, Optional<Runnable>> task, Executor executor) {
        boolean goesOn = true;
        while (goesOn) {
            List<T> group = next();
            Optional<Runnable> left = attempt(task, group);
            goesOn = length.addAndGet(-group.size()) > 0;
            if (goesOn) {
                left.ifPresent(rest -> finishElsewhere(rest, executor));
            } else {
                left.ifPresent(WaitingLine::finish);
            }
        }
    }

    private static void finishElsewhere(Runnable left, Executor executor) {
        try {
            executor.execute(() -> Afterwards.following(() -> finish(left)));
        } catch (RejectedExecutionException e) {
            finish(left);
        }
    }

    private static void finish(Runnable left) {
        try {
            left.run();
        } catch (RuntimeException | Error e) {
            Afterwards.report(e);
        }
    }

    /** An error of the virtual machine must not end the line: nobody behind would ever be served. */
    private Optional<Runnable> attempt(Function<List<T>, Optional<Runnable>> task, List<T> group) {
        try {
            return task.apply(group);
        } catch (RuntimeException | Error e) {
            Afterwards.report(e);
            return Optional.empty();
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
