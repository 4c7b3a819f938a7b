package io.snowline.coordination;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An event loop on one daemon thread, which also makes the blocking calls: a lease keeper has one at a time. */
public final class ThreadEventLoop implements EventLoop {

    private static final System.Logger LOG = System.getLogger(ThreadEventLoop.class.getName());

    private final ScheduledThreadPoolExecutor executor;
    private volatile @Nullable Thread thread;

    /** Makes a loop; its thread starts with the first task. */
    public ThreadEventLoop(String threadName) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, threadName);
            created.setDaemon(true);
            thread = created;
            return created;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        schedule(Duration.ZERO, task);
    }

    @Override
    public void schedule(Duration delay, Runnable task) {
        try {
            var unused = executor.schedule(() -> logged(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "a task came after the end of the loop", e);
        }
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
            } catch (Error e) { // of the virtual machine: whoever waits for this call would wait for ever
                failed.accept(new CoordinatorUnavailableException("a call to the coordinator broke off: " + e, e));
                return;
            }
            answered.accept(answer);
        });
    }

    @Override
    public boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void close() {
        executor.shutdown();
    }

    private static void logged(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "a task of the lease keeper failed", e);
        }
    }
}
