package io.snowline.walk;

import io.snowline.lease.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The event loop of one life of a process: its tasks wait until the walk runs them, its calls go to the network. */
final class WalkLoop implements EventLoop {

    /** A task that waits; {@code dueNanos} on the process' monotonic clock. */
    record Timer(int number, long dueNanos, boolean delayed, boolean ofCaller, Runnable task) {}

    /** Takes calls to the coordinator. */
    interface Network {
        <T> void send(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed);
    }

    private final WalkClock clock;
    private final Network network;
    private final BooleanSupplier stamping;
    private final List<Timer> timers = new ArrayList<>();
    private int numbers;

    /**
     * @param stamping whether the calling thread takes IDs: a task from such a thread is a caller's
     */
    WalkLoop(WalkClock clock, Network network, BooleanSupplier stamping) {
        this.clock = clock;
        this.network = network;
        this.stamping = stamping;
    }

    List<Timer> timers() {
        return timers;
    }

    /** Runs a task, at its due time or later: the clocks advance to it if need be. */
    void fire(Timer timer) {
        timers.remove(timer);
        clock.passUntil(timer.dueNanos());
        timer.task().run();
    }

    @Override
    public void execute(Runnable task) {
        schedule(Duration.ZERO, task);
    }

    @Override
    public void schedule(Duration delay, Runnable task) {
        timers.add(
                new Timer(++numbers, clock.nanos() + delay.toNanos(), !delay.isZero(), stamping.getAsBoolean(), task));
    }

    @Override
    public <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
        network.send(request, answered, failed);
    }

    @Override
    public void close() {
        timers.clear();
    }
}
