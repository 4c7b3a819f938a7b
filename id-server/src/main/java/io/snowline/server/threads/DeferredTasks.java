package io.snowline.server.threads;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that a thread defers until it has answered requests: short ones, such as checking whether a connection has
 * brought its next request. Waking another thread for each would cost as much as the answer did.
 *
 * <p>Thread-safe.
 */
public final class DeferredTasks {

    // Set while its thread is answering, and removed afterwards.
    private static final ThreadLocal<@Nullable Queue<Runnable>> TASKS = new ThreadLocal<>();

    private DeferredTasks() {}

    /**
     * Defers a task to the end of the calling thread's answers, if that thread is answering requests.
     *
     * @param task must not block
     * @return whether the thread will run the task later
     */
    public static boolean add(Runnable task) {
        Queue<Runnable> tasks = TASKS.get();
        return tasks != null && tasks.add(task);
    }

    /**
     * Runs code that answers requests, then the tasks deferred meanwhile. An error in one of those tasks is reported.
     */
    public static void following(Runnable answers) {
        TASKS.set(new ArrayDeque<>());
        try {
            answers.run();
        } finally {
            catchUp();
            TASKS.remove();
        }
    }

    /** Runs the tasks deferred to this thread so far, because it is about to wait before it answers again. */
    public static void catchUp() {
        Queue<Runnable> tasks = TASKS.get();
        for (Runnable task = tasks == null ? null : tasks.poll(); task != null; task = tasks.poll()) {
            run(task);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            report(e);
        }
    }

    /** Reports an error that no caller can handle. */
    public static void report(Throwable e) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
}
