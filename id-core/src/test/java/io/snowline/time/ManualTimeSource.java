package io.snowline.time;

import java.time.Duration;

/**
 * Clocks that move when a test moves them, the wall and the monotonic clock separately. Waiting moves the monotonic
 * clock, and the wall clock with it. Thread-safe.
 */
public final class ManualTimeSource implements TimeSource {

    private long wallNanos;
    private long monotonicNanos = 7_000_000_000L;

    public ManualTimeSource(long wallMillis) {
        this.wallNanos = wallMillis * 1_000_000;
    }

    /** Moves both clocks, as time does. */
    public synchronized void pass(Duration elapsed) {
        wallNanos += elapsed.toNanos();
        monotonicNanos += elapsed.toNanos();
    }

    /** Sets the wall clock forward, or back when negative. */
    public synchronized void stepWall(Duration step) {
        wallNanos += step.toNanos();
    }

    @Override
    public synchronized long wallMillis() {
        return Math.floorDiv(wallNanos, 1_000_000L);
    }

    @Override
    public synchronized long monotonicNanos() {
        return monotonicNanos;
    }

    @Override
    public void parkNanos(long nanos) {
        pass(Duration.ofNanos(Math.max(0, nanos)));
    }
}
