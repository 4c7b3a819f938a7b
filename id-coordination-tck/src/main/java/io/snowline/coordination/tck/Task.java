package io.snowline.coordination.tck;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A task that runs on a thread of its own, and must end.
 *
 * <p>Thread-safe.
 */
final class Task<T> {

    private static final long LONGEST_SECONDS = 60;

    private final CompletableFuture<T> future = new CompletableFuture<>();

    private Task() {}

    static <T> Task<T> start(Callable<T> work) {
        Task<T> task = new Task<>();
        Thread thread = new Thread(() -> task.run(work), "kit");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private void run(Callable<T> work) {
        try {
            future.complete(work.call());
        } catch (Throwable e) {
            future.completeExceptionally(e);
        }
    }

    boolean isDoneWithin(long nanos) throws InterruptedException {
        return isDoneWithin(future, nanos);
    }

    /** Waits until something else has happened or the task has ended; returns whether the former has happened. */
    boolean isOvertakenBy(CompletableFuture<?> other) throws InterruptedException {
        var unused = isDoneWithin(CompletableFuture.anyOf(other, future), TimeUnit.SECONDS.toNanos(LONGEST_SECONDS));
        return other.isDone();
    }

    private static boolean isDoneWithin(CompletableFuture<?> future, long nanos) throws InterruptedException {
        try {
            future.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            return true; // the caller of result() gets the exception
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Waits for the end, and returns the result or throws the exception. */
    T result() throws Exception {
        try {
            return future.get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw Together.unwrapped(e);
        }
    }

    /** Waits for the end, and returns the exception, if there was one. */
    Optional<Throwable> failure() throws Exception {
        return Optional.ofNullable(future.handle((result, thrown) -> thrown).get(LONGEST_SECONDS, TimeUnit.SECONDS));
    }
}
