package io.snowline.coordination;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs the tasks of one lease keeper, one at a time, in the order in which they fall due. Everything that takes time in
 * the protocol goes through here, so that a simulation can delay, lose, repeat and reorder it.
 */
public interface EventLoop extends AutoCloseable {

    /** Runs a task soon. */
    void execute(Runnable task);

    /** Runs a task after a delay on the monotonic clock. */
    void schedule(Duration delay, Runnable task);

    /**
     * Makes a call to the coordinator, which may block, and then runs one of the two as a task of this loop.
     *
     * @param request the call
     * @param answered takes what the call returned
     * @param failed takes what the call threw; an error of the virtual machine as the cause of a
     *     {@link CoordinatorUnavailableException}, since nobody knows whether the call took effect
     */
    <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed);

    /** Tells whether the calling thread is the one that runs the tasks: it must not wait for any of them. */
    default boolean isCurrentThread() {
        return false;
    }

    /** Drops what has not begun, and ends. */
    @Override
    void close();
}
