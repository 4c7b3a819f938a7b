package io.snowline.simulation;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.simulated.Callbacks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Carries the requests of one process and their replies: late, twice, out of order, or not at all. A request that has
 * left the process arrives even if the process is dead by then.
 */
final class Network {

    /**
     * How bad the network is: the chances of a loss, of a repeat and of being stuck for long, and the longest delay
     * otherwise.
     */
    record Weather(double loss, double repeat, double stuck, long delayMillis) {
        static final Weather CLEAR = new Weather(0, 0, 0, 3);
        static final Weather FAIR = new Weather(0.005, 0.02, 0, 3);
        static final Weather STORM = new Weather(0.25, 0.3, 0.15, 700);
        static final Weather NOTHING_PASSES = new Weather(1, 0, 0, 1);
    }

    private static final long TIMEOUT_MILLIS = 1_000;
    private static final long STUCK_FOR_MILLIS = 60_000;

    /**
     * Requests of all processes that hang somewhere on the way: the simulation may deliver them at the worst moment.
     */
    static final class Stuck {
        private static final double LIKELY = 0.3;
        private final Timeline timeline;
        private final List<Runnable> requests = new ArrayList<>();
        private long likelyUntilMillis = -1;

        Stuck(Timeline timeline) {
            this.timeline = timeline;
        }

        /** For this long, every request of every process may get stuck. */
        void likelyFor(long millis) {
            likelyUntilMillis = timeline.nowMillis() + millis;
        }

        private boolean happens(Weather weather) {
            return timeline.chance(timeline.nowMillis() <= likelyUntilMillis ? LIKELY : weather.stuck);
        }

        /** From now on no request gets stuck, and those that are stuck arrive. */
        void heal() {
            likelyUntilMillis = -1;
            arriveNow();
        }

        void arriveNow() {
            List<Runnable> all = List.copyOf(requests);
            requests.clear();
            all.forEach(Runnable::run);
        }
    }

    private final Timeline timeline;
    private final SimulatedBackend backend;
    private final Stuck stuck;
    private final boolean fast;
    private Weather weather = Weather.FAIR;
    private boolean clearForEver;

    /**
     * @param fast whether nothing takes time except as the weather says
     */
    Network(Timeline timeline, SimulatedBackend backend, Stuck stuck, boolean fast) {
        this.fast = fast;
        this.timeline = timeline;
        this.backend = backend;
        this.stuck = stuck;
    }

    void weather(Weather now) {
        weather = clearForEver ? Weather.CLEAR : now;
    }

    /** Ends all faults of the network. */
    void heal() {
        clearForEver = true;
        weather = Weather.CLEAR;
    }

    /** Sends a request; exactly one of the two callbacks is called, once. */
    <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
        Callbacks<T> callbacks = new Callbacks<>(answered, failed);
        Call<T> call = new Call<>(request, callbacks);
        timeline.after(TIMEOUT_MILLIS, () -> callbacks.fail(new CoordinatorUnavailableException("timed out")));
        call.send();
        if (timeline.chance(weather.repeat)) {
            call.send();
        }
    }

    private long delay() {
        return fast || timeline.chance(0.4) ? 0 : timeline.between(0, weather.delayMillis);
    }

    private final class Call<T> {
        private final Supplier<T> request;
        private final Callbacks<T> callbacks;

        Call(Supplier<T> request, Callbacks<T> callbacks) {
            this.request = request;
            this.callbacks = callbacks;
        }

        void send() {
            if (timeline.chance(weather.loss)) {
                return;
            }
            if (stuck.happens(weather)) {
                getStuck();
            } else {
                timeline.after(delay(), this::arrive);
            }
        }

        private void getStuck() {
            boolean[] arrived = new boolean[1];
            Runnable arrival = () -> {
                if (!arrived[0]) {
                    arrived[0] = true;
                    arrive();
                }
            };
            stuck.requests.add(arrival);
            timeline.after(timeline.between(0, STUCK_FOR_MILLIS), arrival);
        }

        /** Arrives at the server that this process is connected to; at a deposed one perhaps just before it stops. */
        private void arrive() {
            SimulatedStore server = backend.route();
            long wait = backend.waitNanos(server);
            if (wait > 0) {
                timeline.afterNanos(wait, () -> execute(server));
            } else {
                execute(server);
            }
        }

        private void execute(SimulatedStore server) {
            T answer;
            try {
                answer = backend.at(server, this, request);
            } catch (CoordinatorUnavailableException e) {
                timeline.after(delay(), () -> callbacks.fail(e));
                return;
            }
            if (!timeline.chance(weather.loss)) {
                timeline.after(delay(), () -> callbacks.answer(answer));
            }
        }
    }
}
