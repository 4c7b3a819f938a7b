package io.snowline.walk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What one process, and its clocks, may still do on a path. */
final class Work {

    /** A jump of one of the clocks, which happens at most once. */
    record Move(String clock, Duration by) {}

    int stamps;
    int burst = 1;
    int batch = 1;
    boolean stampsStepByStep;
    int timers;
    int hurries;
    int starts;
    final List<Move> moves = new ArrayList<>();

    /** Stamps this many times, this many IDs each time. */
    Work stamps(int times, int idsEach) {
        stamps = times;
        burst = idsEach;
        return this;
    }

    /** Takes this many IDs in each call. */
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
     * Serves its callers this many times: they ask for a renewal when the window is used up. Further requests of theirs
     * wait until the end of the path, as they do if the thread is busy.
     */
    Work hurries(int times) {
        hurries = times;
        return this;
    }

    /** Starts this many times; once more after each crash. */
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
