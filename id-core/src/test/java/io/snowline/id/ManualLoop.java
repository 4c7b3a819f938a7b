package io.snowline.id;

import io.snowline.coordination.EventLoop;
import io.snowline.time.ManualTimeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** An event loop that a test turns by hand: time passes in {@link #pass}, and what falls due meanwhile runs. Any thread may add to it. */
final class ManualLoop implements EventLoop {

    private record Task(long dueNanos, long order, Runnable action) {}

    private final ManualTimeSource time;
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::dueNanos).thenComparingLong(Task::order));
    private long orders;

    ManualLoop(ManualTimeSource time) {
        this.time = time;
    }

    /** Lets time pass, a little at a time, and runs what falls due. */
    void pass(Duration elapsed) {
        long end = time.monotonicNanos() + elapsed.toNanos();
        run();
        while (time.monotonicNanos() < end) {
            time.pass(Duration.ofNanos(Math.min(1_000_000, end - time.monotonicNanos())));
            run();
        }
    }

    void run() {
        boolean more = true;
        while (more) {
            more = runOne();
        }
    }

    /** Runs one task that is due, and tells whether there was one. */
    boolean runOne() {
        Task task = due();
        if (task == null) {
            return false;
        }
        task.action().run();
        return true;
    }

    private synchronized Task due() {
        return idle() || tasks.peek().dueNanos() > time.monotonicNanos() ? null : tasks.poll();
    }

    /** Tells whether nothing is left to run. */
    synchronized boolean idle() {
        return tasks.isEmpty();
    }

    @Override
    public void execute(Runnable task) {
        schedule(Duration.ZERO, task);
    }

    @Override
    public synchronized void schedule(Duration delay, Runnable task) {
        tasks.add(new Task(time.monotonicNanos() + delay.toNanos(), orders++, task));
    }

    @Override
    public <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
        execute(() -> {
            T answer;
            try {
                answer = request.get();
            } catch (RuntimeException e) {
                failed.accept(e);
                return;
            }
            answered.accept(answer);
        });
    }

    @Override
    public synchronized void close() {
        tasks.clear();
    }
}
