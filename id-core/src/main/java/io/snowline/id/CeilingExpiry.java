package io.snowline.id;

import io.snowline.lease.EventLoop;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Withdraws the positions that a burst has left under a ceiling, so that no caller gets an ID of a tick long gone
 * without reading the clock. Checks every tick while callers claim that way, and stops a few rounds after the last of
 * them. Thread-safe.
 */
final class CeilingExpiry {

    /*
     * after() is called when a ceiling may have been published. The watch ends when several rounds in a row find none,
     * and then checks once more: either it sees the ceiling, or the thread that published it sees that the watch has
     * ended.
     */

    private static final int ROUNDS_AFTER_THE_LAST = 16;
    private static final long LONGEST_PERIOD_NANOS = 20_000_000;

    private final LaneHolder[] lanes;
    private final TimeSource time;
    private final EventLoop loop;
    private final Duration period;
    private final AtomicBoolean running = new AtomicBoolean();
    private final Runnable round = this::round;

    // On the loop.
    private int roundsWithout;
    private boolean ended;

    CeilingExpiry(LaneHolder[] lanes, TimeSource time, EventLoop loop, Duration tick) {
        this.lanes = lanes;
        this.time = time;
        this.loop = loop.recoveringWith(this::goOn);
        this.period = Duration.ofNanos(Math.min(LONGEST_PERIOD_NANOS, tick.toNanos()));
    }

    /** Starts the watch, unless it is running, if a claim has left something to watch. */
    void after(Lane lane) {
        if (lane.ceiling() > 0) {
            try {
                begin();
            } catch (
                    Throwable e) { // no memory, or no thread: while no watch can begin, all callers must read the clock
                lane.close(lane.ceiling());
            }
        }
    }

    private void begin() {
        if (!running.get() && running.compareAndSet(false, true)) {
            try {
                loop.schedule(period, round);
            } catch (Throwable e) {
                running.set(false);
                throw e;
            }
        }
    }

    /** Continues after a round that threw, wherever it did. */
    private void goOn(Throwable thrown) {
        if (ended) {
            begin();
        } else {
            loop.schedule(period, round);
        }
    }

    private void round() {
        ended = false;
        roundsWithout = withdrawExpired() ? 0 : roundsWithout + 1;
        if (roundsWithout <= ROUNDS_AFTER_THE_LAST) {
            loop.schedule(period, round);
            return;
        }
        roundsWithout = 0;
        ended = true;
        running.set(false);
        if (withdrawExpired()) {
            begin();
        }
    }

    private boolean withdrawExpired() {
        long nanos = time.monotonicNanos();
        boolean left = false;
        for (LaneHolder lane : lanes) {
            left |= lane.current().withdrawExpired(nanos);
        }
        return left;
    }

    /** Withdraws everything, because the time has jumped. */
    void withdrawAll() {
        for (LaneHolder lane : lanes) {
            lane.current().withdraw();
        }
    }
}
