package io.snowline.server.threads;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a thread that answers requests does itself when it has answered: short tasks, such as to see whether a connection has
 * brought its next request. To wake another thread for each would cost as much as the answer did.
 *
 * <p>Safe for use by many threads.
 */
public final class Afterwards {

    // Set while its thread answers, and empty again afterwards.
    private static final ThreadLocal<@Nullable Queue<Runnable>> TASKS = new ThreadLocal<>();

    private Afterwards() {}

    /**
     * Leaves a task to the calling thread, if that is giving answers.
     *
     * @param task must not block
     * @return whether it does the task later
     */
    public static boolean add(Runnable task) {
        Queue<Runnable> tasks = TASKS.get();
        return tasks != null && tasks.add(task);
    }

    /** Gives answers, then does what was left to this thread meanwhile. An error in one of those tasks is reported. */
    public static void following(Runnable answers) {
        TASKS.set(new ArrayDeque<>());
        try {
            answers.run();
        } finally {
            catchUp();
            TASKS.remove();
        }
    }

    /** Does what was left to this thread so far: it is going to wait before it answers again. */
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

    /** Reports an error that nobody above can answer for. */
    public static void report(Throwable e) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
}
