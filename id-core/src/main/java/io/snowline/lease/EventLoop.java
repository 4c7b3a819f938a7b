package io.snowline.lease;

import io.snowline.coordination.CoordinatorUnavailableException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs tasks one at a time, in the order in which they fall due. Everything that takes time in the protocol goes through
 * here, so that a simulation can delay, lose, repeat and reorder it.
 *
 * <p>A task is never lost to what it throws (P12): it runs again a moment later, again and again until it returns. A task for
 * which that makes no sense belongs to a view of the loop {@linkplain #recoveringWith with a recovery}, which runs in its
 * place.
 *
 * <p>Thread-safe: any thread may add tasks.
 */
public interface EventLoop extends AutoCloseable {

    /** Runs a task soon. */
    void execute(Runnable task);

    /** Runs a task after a delay on the monotonic clock. */
    void schedule(Duration delay, Runnable task);

    /**
     * Makes a call to the coordinator, which may block, and then runs one of the two as a task of this loop.
     *
     * @param request the call; made once
     * @param answered takes what the call returned
     * @param failed takes what the call threw; an error of the virtual machine as the cause of a
     *     {@link CoordinatorUnavailableException}, since no one knows whether the call took effect
     */
    <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed);

    /** Tells whether the calling thread is the one that runs the tasks: it must not wait for any of them. */
    default boolean isCurrentThread() {
        return false;
    }

    /**
     * Returns a view of this loop for the tasks of one owner, which begin again in one way: when a task of the view has
     * thrown, the recovery runs a moment later in its place, again and again until it returns.
     *
     * @param recovery takes what the task threw; on the loop
     */
    default EventLoop recoveringWith(Consumer<Throwable> recovery) {
        return new RecoveringLoop(this, recovery);
    }

    /** Drops what has not begun, and ends. */
    @Override
    void close();
}
