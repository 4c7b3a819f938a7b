package io.snowline.simulated;

import java.util.ArrayDeque;
import java.util.Deque;

/** A pool of fibers. Belongs to the thread that runs the simulation; used and closed by that one alone. */
public final class Fibers implements AutoCloseable {

    private final Deque<Fiber> idle = new ArrayDeque<>();

    /** Returns a fiber, which comes back by itself at the end of what it runs. */
    public Fiber take() {
        Fiber known = idle.poll();
        if (known != null) {
            return known;
        }
        Fiber fiber = new Fiber(this);
        fiber.start();
        return fiber;
    }

    void giveBack(Fiber fiber) {
        idle.push(fiber);
    }

    @Override
    public void close() {
        idle.forEach(Fiber::dispose);
        idle.clear();
    }
}
