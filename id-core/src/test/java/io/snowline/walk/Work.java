package io.snowline.walk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What one process may still do on a path, and what its clocks may still do. */
final class Work {

    /** A jump of one of the clocks, which happens once at most. */
    record Move(String clock, Duration by) {}

    int stamps;
    int burst = 1;
    int batch = 1;
    boolean stampsStepByStep;
    int timers;
    int hurries;
    int starts;
    final List<Move> moves = new ArrayList<>();

    /** Stamps so many times, so many IDs each time. */
    Work stamps(int times, int idsEach) {
        stamps = times;
        burst = idsEach;
        return this;
    }

    /** Takes so many IDs in each call. */
    Work inBatchesOf(int size) {
        batch = size;
        return this;
    }

    /** Stops in the middle of stamping, wherever the clock is read. */
    Work stepByStep() {
        stampsStepByStep = true;
        return this;
    }

    Work timers(int times) {
        timers = times;
        return this;
    }

    /**
     * Hears its callers so many times: they ask for a renewal when the window is used up. What they ask for beyond that waits
     * until the end of the path, as it does where the thread is busy.
     */
    Work hurries(int times) {
        hurries = times;
        return this;
    }

    /** Starts so many times; once more after each crash. */
    Work starts(int times) {
        starts = times;
        return this;
    }

    /** Time passes on both clocks. */
    Work passes(Duration time) {
        moves.add(new Move("clocks", time));
        return this;
    }

    /** The wall clock alone is set forward or back. */
    Work wallSet(Duration by) {
        moves.add(new Move("wall clock", by));
        return this;
    }
}
