package io.snowline.lease;

import io.snowline.coordination.CoordinatorUnavailableException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs tasks one at a time, in the order in which they are due. Everything in the protocol that takes time goes through
 * here, so that a simulation can delay, lose, repeat and reorder it.
 *
 * <p>A task that throws is never lost (P12): it runs again a moment later, and again until it returns normally. Where
 * that makes no sense, use a view of the loop {@linkplain #recoveringWith with a recovery}, which then runs instead of
 * the task.
 *
 * <p>Thread-safe: any thread may add tasks.
 */
public interface EventLoop extends AutoCloseable {

    /** Runs a task soon. */
    void execute(Runnable task);

    /** Runs a task after a delay on the monotonic clock. */
    void schedule(Duration delay, Runnable task);

    /**
     * Makes a call to the coordinator, which may block, and then runs one of the two consumers as a task of this loop.
     *
     * @param request the call; made once
     * @param answered receives the call's result
     * @param failed receives the exception that the call threw; an error of the virtual machine arrives as the cause of
     *     a {@link CoordinatorUnavailableException}, since it is unknown whether the call took effect
     */
    <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed);

    /** Tells whether the calling thread is the one that runs the tasks; it must not wait for any of them. */
    default boolean isCurrentThread() {
        return false;
    }

    /**
     * Returns a view of this loop for the tasks of one owner, which all recover in the same way: when a task of the
     * view has thrown, the recovery runs a moment later instead of it, and again until it returns normally.
     *
     * @param recovery receives what the task threw; runs on the loop
     */
    default EventLoop recoveringWith(Consumer<Throwable> recovery) {
        return new RecoveringLoop(this, recovery);
    }

    /** Drops tasks that have not begun, and ends the loop. */
    @Override
    void close();
}
