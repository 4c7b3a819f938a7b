package io.snowline.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/** A pool of threads for simulated processes. Belongs to the thread that runs the simulation. */
final class Fibers implements AutoCloseable {

    private final Deque<Fiber> idle = new ArrayDeque<>();

    Fiber take() {
        Fiber known = idle.poll();
        if (known != null) {
            return known;
        }
        Fiber fiber = new Fiber();
        fiber.start();
        return fiber;
    }

    void giveBack(Fiber fiber) {
        fiber.stumbleAtReading(0, () -> {});
        idle.push(fiber);
    }

    @Override
    public void close() {
        idle.forEach(Fiber::dispose);
        idle.clear();
    }
}
