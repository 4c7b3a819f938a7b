package io.snowline.walk;

import io.snowline.time.TimeSource;
import java.time.Duration;

/**
 * The clocks of one process, which stand still until a step moves them. They outlive the process, which may start
 * again.
 */
final class WalkClock implements TimeSource {

    private long wallMillis;
    private long nanos;

    WalkClock(long wallMillis) {
        this.wallMillis = wallMillis;
    }

    /** Lets time pass on both clocks. */
    void pass(Duration elapsed) {
        pass(elapsed.toNanos());
    }

    void passUntil(long dueNanos) {
        pass(Math.max(0, dueNanos - nanos));
    }

    private void pass(long elapsedNanos) {
        nanos += elapsedNanos;
        wallMillis += elapsedNanos / 1_000_000;
    }

    /** Sets the wall clock forward or back. */
    void setBy(Duration step) {
        wallMillis += step.toMillis();
    }

    @Override
    public long wallMillis() {
        return wallMillis;
    }

    @Override
    public long monotonicNanos() {
        Fiber fiber = Fiber.current();
        if (fiber != null) {
            fiber.clockRead();
        }
        return nanos;
    }

    /** Returns the monotonic clock without a stop. */
    long nanos() {
        return nanos;
    }

    @Override
    public void parkNanos(long parked) {
        Fiber fiber = Fiber.current();
        if (fiber == null) {
            throw new IllegalStateException("only a fiber can wait, but " + parked + " ns were asked for");
        }
        fiber.parked(nanos + parked);
    }
}
