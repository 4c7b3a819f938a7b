package io.snowline.walk;

import io.snowline.simulated.Fiber;
import io.snowline.time.ManualTimeSource;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * The clocks of one process, which stand still until a step moves them. They outlive the process, which may start
 * again.
 */
final class WalkClock implements TimeSource {

    private final ManualTimeSource time;
    private final LongConsumer parking;

    /**
     * @param parking stops the calling fiber until the monotonic clock shows a time
     */
    WalkClock(long wallMillis, LongConsumer parking) {
        this.time = new ManualTimeSource(wallMillis);
        this.parking = parking;
    }

    /** Lets time pass on both clocks. */
    void pass(Duration elapsed) {
        time.pass(elapsed);
    }

    void passUntil(long dueNanos) {
        time.pass(Duration.ofNanos(Math.max(0, dueNanos - nanos())));
    }

    /** Sets the wall clock forward or back. */
    void setBy(Duration step) {
        time.stepWall(step);
    }

    @Override
    public long wallMillis() {
        return time.wallMillis();
    }

    @Override
    public long monotonicNanos() {
        Fiber.clockRead();
        return nanos();
    }

    /** Returns the monotonic clock without a stop. */
    long nanos() {
        return time.monotonicNanos();
    }

    @Override
    public void parkNanos(long parked) {
        parking.accept(nanos() + parked);
    }
}
