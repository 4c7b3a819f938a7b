package io.snowline.simulation;

import io.snowline.simulated.Fiber;
import io.snowline.simulated.Fibers;
import io.snowline.simulated.Locks;
import io.snowline.time.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The machine of one simulated process, and the process as the operating system sees it: its clocks, its threads, its
 * pauses and its death. While it is paused, none of its code runs, however late that makes it.
 */
final class Host implements TimeSource {

    private static final int READINGS_IN_REACH = 6;

    private final Timeline timeline;
    private final Fibers fibers;
    private final Deque<Runnable> heldBack = new ArrayDeque<>();
    private final Set<Fiber> running = new LinkedHashSet<>();
    private final List<Wait> naps = new ArrayList<>();
    private final long longestWallMillis;
    private final long longestStumbleMillis;
    final Locks locks = new Locks();
    final SimulatedClock wall;
    final SimulatedClock monotonic;
    private boolean alive = true;
    private int pauses;
    private boolean well;
    private long quietTouches;
    private long throwsLeft;

    /**
     * @param wallSkewMillis by how much the wall clock may be ahead of true time, whatever is done to it; negative: by anything
     * @param longestStumbleMillis for how long a thread may stop in the middle of the code
     */
    Host(Timeline timeline, Fibers fibers, long wallOffsetMillis, long wallSkewMillis, long longestStumbleMillis) {
        this.timeline = timeline;
        this.fibers = fibers;
        this.wall = new SimulatedClock(timeline, wallOffsetMillis);
        this.monotonic = new SimulatedClock(timeline, timeline.between(-1_000_000, 1_000_000));
        this.longestWallMillis = wallSkewMillis;
        this.longestStumbleMillis = longestStumbleMillis;
    }

    // ---- clocks ----

    @Override
    public long wallMillis() {
        clockRead();
        long trueMillis = Math.floorDiv(timeline.unixNanos(), 1_000_000);
        return longestWallMillis < 0
                ? wall.millis()
                : Math.max(trueMillis, Math.min(trueMillis + longestWallMillis, wall.millis()));
    }

    @Override
    public long monotonicNanos() {
        clockRead();
        return monotonic.nanos();
    }

    @Override
    public void parkNanos(long nanos) {
        sleep(nanos);
    }

    private void clockRead() {
        trapTouched();
        Fiber.clockRead();
    }

    // ---- unexpected exceptions and errors ----

    /**
     * Arms a trap: something is thrown where the process reads a clock or hears of its lease.
     *
     * @param quiet how often it does so unharmed first
     * @param times how often something is then thrown in a row
     */
    void trap(long quiet, long times) {
        quietTouches = quiet;
        throwsLeft = times;
    }

    void trapTouched() {
        if (throwsLeft == 0 || quietTouches-- > 0) {
            return;
        }
        throwsLeft--;
        timeline.seen("thrown");
        timeline.note(() -> "something is thrown");
        if (throwsLeft % 2 == 0) {
            throw Planted.error();
        }
        throw Planted.exception();
    }

    // ---- life ----

    boolean alive() {
        return alive;
    }

    boolean paused() {
        return pauses > 0;
    }

    void pause(long millis) {
        pauses++;
        timeline.after(millis, this::resume);
    }

    private void resume() {
        if (pauses > 0 && --pauses == 0) {
            List<Runnable> due = List.copyOf(heldBack);
            heldBack.clear();
            due.forEach(this::run);
        }
    }

    /** Ends all pauses, and sets the clocks right. From now on nothing stops any more. */
    void heal() {
        well = true;
        throwsLeft = 0;
        if (paused()) {
            pauses = 1;
            resume();
        }
        wall.correct(0);
        monotonic.rate(1);
        List.copyOf(naps).forEach(Wait::end);
    }

    /** Ends the process immediately, wherever its threads are. */
    void kill() {
        alive = false;
        heldBack.clear();
        for (Fiber fiber : List.copyOf(running)) {
            track(fiber, fiber::kill);
        }
    }

    /** Runs a task of this process: now, after its pause, or never. */
    void run(Runnable something) {
        if (paused()) {
            heldBack.add(something);
        } else if (alive) {
            something.run();
        }
    }

    // ---- threads ----

    /** Runs code on a thread of its own, so that it can wait. */
    void thread(Runnable code) {
        Fiber fiber = fibers.take();
        track(fiber, () -> fiber.begin(code));
    }

    /** Runs code that stops somewhere in the middle, at one of the next readings of a clock. */
    void stumblingThread(Runnable code) {
        Fiber fiber = fibers.take();
        long[] readingsLeft = {timeline.between(1, READINGS_IN_REACH)};
        track(
                fiber,
                () -> fiber.begin(code, () -> {
                    if (--readingsLeft[0] == 0) {
                        stumble();
                    }
                }));
    }

    /** Lets a fiber do something; it is among those that run until it has ended. */
    private void track(Fiber fiber, Runnable step) {
        running.add(fiber);
        try {
            step.run();
        } finally {
            if (fiber.over()) {
                running.remove(fiber);
            }
        }
    }

    /**
     * Stops the whole process, or this thread alone. A thread that holds a lock does not stop alone: the others would
     * wait for it in real time, not in simulated time.
     */
    private void stumble() {
        if (well) {
            return;
        }
        long millis = timeline.between(0, timeline.chance(0.3) ? longestStumbleMillis : longestStumbleMillis / 10);
        if (timeline.chance(0.4) || locks.heldHere()) {
            pauseHere(millis);
        } else {
            nap(millis);
        }
    }

    private void nap(long millis) {
        Wait wait = waitHere();
        naps.add(wait);
        timeline.after(millis, wait::end);
        wait.await();
        naps.remove(wait);
    }

    /** Pauses the whole process; afterwards this thread is the first to go on. */
    private void pauseHere(long millis) {
        pause(millis);
        Wait wait = waitHere();
        heldBack.addFirst(wait::goOn);
        wait.await();
    }

    /** Waits on this fiber. */
    void sleep(long nanos) {
        Wait wait = waitHere();
        timeline.afterNanos(nanos, wait::end);
        wait.await();
    }

    /** Returns a wait of this fiber. */
    Wait waitHere() {
        Fiber fiber = Fiber.current();
        fiber.requireAlive();
        return new Wait(fiber);
    }

    /** A wait of a fiber, which ends exactly once, and not before the pause of its process ends. */
    final class Wait {
        private final Fiber fiber;
        private boolean over;

        private Wait(Fiber fiber) {
            this.fiber = fiber;
        }

        void await() {
            fiber.waitHere();
        }

        void end() {
            run(this::goOn);
        }

        private void goOn() {
            if (!over) {
                over = true;
                if (running.contains(fiber)) {
                    track(fiber, fiber::proceed);
                }
            }
        }
    }
}
