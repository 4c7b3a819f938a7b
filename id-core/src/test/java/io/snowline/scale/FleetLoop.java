package io.snowline.scale;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.lease.EventLoop;
import io.snowline.simulated.Callbacks;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The event loop of one process of the fleet, and its way to the store and back. */
final class FleetLoop implements EventLoop {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final long SHORTEST_WAY_NANOS = 200_000;
    private static final long LONGEST_WAY_NANOS = 1_000_000;

    private final SharedTime time;
    private final QueuedStore store;
    private final RandomGenerator random;
    private boolean alive = true;

    FleetLoop(SharedTime time, QueuedStore store, RandomGenerator random) {
        this.time = time;
        this.store = store;
        this.random = random;
    }

    @Override
    public void execute(Runnable task) {
        schedule(Duration.ZERO, task);
    }

    @Override
    public void schedule(Duration delay, Runnable task) {
        time.after(delay, () -> run(task));
    }

    private void run(Runnable task) {
        if (alive) {
            task.run();
        }
    }

    /** A request that has timed out is still served: the store does not know. */
    @Override
    public <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
        Callbacks<T> call = new Callbacks<>(
                answer -> run(() -> answered.accept(answer)), failure -> run(() -> failed.accept(failure)));
        time.after(TIMEOUT, () -> timeOut(call));
        time.afterNanos(way(), () -> {
            if (store.up()) {
                store.enqueue(() -> serve(request, call));
            } else {
                time.afterNanos(way(), () -> call.fail(new CoordinatorUnavailableException("connection refused")));
            }
        });
    }

    private void timeOut(Callbacks<?> call) {
        if (!call.over() && alive) {
            store.load().timedOut();
        }
        call.fail(new CoordinatorUnavailableException("timed out"));
    }

    private <T> void serve(Supplier<T> request, Callbacks<T> call) {
        try {
            T answer = request.get();
            time.afterNanos(store.busyNanos() + way(), () -> call.answer(answer));
        } catch (CoordinatorUnavailableException e) {
            time.afterNanos(way(), () -> call.fail(e));
        }
    }

    private long way() {
        return random.nextLong(SHORTEST_WAY_NANOS, LONGEST_WAY_NANOS);
    }

    @Override
    public void close() {
        alive = false;
    }
}
