package io.snowline.id;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.lease.EventLoop;
import io.snowline.time.ManualTimeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An event loop that a test runs by hand: time passes in {@link #pass}, and tasks that fall due meanwhile run. Any
 * thread may add tasks. If a task throws, the test fails, unless the test throws it on purpose.
 */
final class ManualLoop implements EventLoop {

    private static final Duration PAUSE = Duration.ofMillis(50);

    private record Task(long dueNanos, long order, Runnable action) {}

    private final ManualTimeSource time;
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::dueNanos).thenComparingLong(Task::order));
    private Predicate<Throwable> onPurpose = thrown -> false;
    private long orders;

    ManualLoop(ManualTimeSource time) {
        this.time = time;
    }

    /** From now on goes on, as a real loop does, after exceptions that the test throws on purpose. */
    void survive(Predicate<Throwable> planted) {
        onPurpose = planted;
    }

    /** Lets time pass, a little at a time, and runs the tasks that fall due. */
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
        try {
            task.action().run();
        } catch (Throwable e) {
            if (!onPurpose.test(e)) {
                throw e;
            }
            schedule(PAUSE, task.action());
        }
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
        AtomicReference<@Nullable Runnable> outcome = new AtomicReference<>();
        execute(() -> {
            if (outcome.get() == null) {
                outcome.set(outcomeOf(request, answered, failed));
            }
            outcome.get().run();
        });
    }

    private <T> Runnable outcomeOf(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
        try {
            T answer = request.get();
            return () -> answered.accept(answer);
        } catch (RuntimeException e) {
            return () -> failed.accept(e);
        } catch (Error e) {
            if (!onPurpose.test(e)) {
                throw e;
            }
            return () -> failed.accept(new CoordinatorUnavailableException("broke off: " + e, e));
        }
    }

    @Override
    public synchronized void close() {
        tasks.clear();
    }
}
