package io.snowline.simulation;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The event loop of one simulated process, and the network between it and the store: requests and replies are delayed,
 * lost and repeated, and while the process is paused nothing of it runs, however late it gets.
 */
final class SimulatedLoop implements EventLoop {

    /** How bad the network is. */
    record Weather(double loss, double repeat, long delayMillis, double stuck) {
        static final Weather FAIR = new Weather(0, 0, 2, 0);
    }

    private static final long TIMEOUT_MILLIS = 1_000;
    private static final long STUCK_FOR_MILLIS = 90_000;

    private final Timeline timeline;
    private final List<Runnable> heldBack = new ArrayList<>();
    private Weather weather = Weather.FAIR;
    private boolean alive = true;
    private boolean paused;

    SimulatedLoop(Timeline timeline) {
        this.timeline = timeline;
    }

    void weather(Weather now) {
        weather = now;
    }

    void kill() {
        alive = false;
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        List<Runnable> due = List.copyOf(heldBack);
        heldBack.clear();
        due.forEach(this::run);
    }

    @Override
    public void execute(Runnable task) {
        timeline.after(0, () -> run(task));
    }

    @Override
    public void schedule(Duration delay, Runnable task) {
        timeline.afterNanos(delay.toNanos(), () -> run(task));
    }

    private void run(Runnable task) {
        if (paused) {
            heldBack.add(task);
        } else if (alive) {
            task.run();
        }
    }

    @Override
    public <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
        Call<T> call = new Call<>(answered, failed);
        timeline.after(TIMEOUT_MILLIS, () -> call.fail("timed out"));
        send(request, call);
        if (timeline.chance(weather.repeat)) {
            send(request, call);
        }
    }

    private <T> void send(Supplier<T> request, Call<T> call) {
        if (timeline.chance(weather.loss)) {
            return;
        }
        long delay = timeline.chance(weather.stuck)
                ? timeline.between(0, STUCK_FOR_MILLIS)
                : timeline.between(0, weather.delayMillis);
        timeline.after(delay, () -> arrive(request, call));
    }

    /** What has left the process arrives even if the process is dead by now. */
    private <T> void arrive(Supplier<T> request, Call<T> call) {
        T answer;
        try {
            answer = request.get();
        } catch (CoordinatorUnavailableException e) {
            timeline.after(timeline.between(0, weather.delayMillis), () -> call.fail(String.valueOf(e.getMessage())));
            return;
        }
        if (!timeline.chance(weather.loss)) {
            timeline.after(timeline.between(0, weather.delayMillis), () -> call.answer(answer));
        }
    }

    @Override
    public void close() {
        kill();
    }

    private final class Call<T> {
        private final Consumer<T> answered;
        private final Consumer<RuntimeException> failed;
        private boolean over;

        Call(Consumer<T> answered, Consumer<RuntimeException> failed) {
            this.answered = answered;
            this.failed = failed;
        }

        void answer(T value) {
            if (!over) {
                over = true;
                run(() -> answered.accept(value));
            }
        }

        void fail(String why) {
            if (!over) {
                over = true;
                run(() -> failed.accept(new CoordinatorUnavailableException(why)));
            }
        }
    }
}
