package io.snowline.simulation;

import io.snowline.lease.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** An event loop of one simulated process: one task at a time, each of which may stop in the middle. */
final class SimulatedLoop implements EventLoop {

    private static final double STUMBLES = 0.01;
    private static final long PAUSE_MILLIS = 50;

    private final Timeline timeline;
    private final Host host;
    private final Network network;
    private final boolean blocking;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean busy;
    private boolean closed;

    /**
     * @param blocking whether tasks call the coordinator directly, and wait for it
     */
    SimulatedLoop(Timeline timeline, Host host, Network network, boolean blocking) {
        this.timeline = timeline;
        this.host = host;
        this.network = network;
        this.blocking = blocking;
    }

    @Override
    public void execute(Runnable task) {
        timeline.after(0, () -> due(task));
    }

    @Override
    public void schedule(Duration delay, Runnable task) {
        timeline.afterNanos(delay.toNanos(), () -> due(task));
    }

    @Override
    public <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
        network.call(
                request, answer -> due(() -> answered.accept(answer)), failure -> due(() -> failed.accept(failure)));
    }

    private void due(Runnable task) {
        host.run(() -> {
            waiting.add(task);
            goOn();
        });
    }

    private void goOn() {
        while (!busy && !closed && !waiting.isEmpty()) {
            perform(waiting.remove());
        }
    }

    private void perform(Runnable task) {
        if (blocking) {
            busy = true;
            host.thread(() -> performHere(task));
        } else if (timeline.chance(STUMBLES)) {
            busy = true;
            host.stumblingThread(() -> performHere(task));
        } else {
            attempt(task);
        }
    }

    /** A task that throws runs again a moment later. */
    private void attempt(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            if (!Planted.is(e)) {
                throw e;
            }
            timeline.after(PAUSE_MILLIS, () -> due(task));
        }
    }

    private void performHere(Runnable task) {
        attempt(task);
        busy = false;
        timeline.after(0, () -> host.run(this::goOn));
    }

    @Override
    public void close() {
        closed = true;
    }
}
