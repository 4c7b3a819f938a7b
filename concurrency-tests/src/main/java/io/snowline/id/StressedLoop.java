package io.snowline.id;

import io.snowline.lease.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * An event loop that a case runs by hand. Its time stands still: a task that is scheduled for later never falls due.
 */
final class StressedLoop implements EventLoop {

    private final Queue<Runnable> tasks = new ArrayDeque<>();

    void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void schedule(Duration delay, Runnable task) {
        // never
    }

    @Override
    public <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
        execute(() -> answered.accept(request.get()));
    }

    @Override
    public void close() {
        tasks.clear();
    }
}
