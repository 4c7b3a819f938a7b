package io.snowline.lease;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A view of an event loop whose tasks share a recovery: the loop reruns a task that threw, and from the second run on
 * the recovery runs instead. Several views of one loop do not affect each other.
 *
 * <p>Thread-safe, as the loop is.
 */
final class RecoveringLoop implements EventLoop {

    private final EventLoop loop;
    private final Consumer<Throwable> recovery;

    RecoveringLoop(EventLoop loop, Consumer<Throwable> recovery) {
        this.loop = loop;
        this.recovery = recovery;
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(recovering(task));
    }

    @Override
    public void schedule(Duration delay, Runnable task) {
        loop.schedule(delay, recovering(task));
    }

    @Override
    public <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
        loop.call(request, new Attempt<>(answered), new Attempt<>(failed));
    }

    private Runnable recovering(Runnable task) {
        Attempt<Runnable> attempt = new Attempt<>(Runnable::run);
        return () -> attempt.accept(task);
    }

    @Override
    public boolean isCurrentThread() {
        return loop.isCurrentThread();
    }

    /** Closes the loop itself. */
    @Override
    public void close() {
        loop.close();
    }

    private final class Attempt<T> implements Consumer<T> {

        private final Consumer<T> first;
        private @Nullable Throwable thrown;

        Attempt(Consumer<T> first) {
            this.first = first;
        }

        @Override
        public void accept(T value) {
            if (thrown != null) {
                recovery.accept(thrown);
                return;
            }
            try {
                first.accept(value);
            } catch (Throwable e) {
                thrown = e;
                throw e;
            }
        }
    }
}
