package io.snowline.simulation;

import io.snowline.time.TimeSource;

/** The clocks of one simulated host: a wall clock that can be set, and a monotonic clock that may run fast or slow. */
final class SimulatedClock implements TimeSource {

    private final Timeline timeline;
    private final double rate;
    private long wallOffsetMillis;

    SimulatedClock(Timeline timeline, double rate, long wallOffsetMillis) {
        this.timeline = timeline;
        this.rate = rate;
        this.wallOffsetMillis = wallOffsetMillis;
    }

    void step(long millis) {
        wallOffsetMillis += millis;
    }

    void correctTo(long offsetMillis) {
        wallOffsetMillis = offsetMillis;
    }

    @Override
    public long wallMillis() {
        return timeline.unixMillis() + wallOffsetMillis;
    }

    @Override
    public long monotonicNanos() {
        return (long) (timeline.nowNanos() * rate);
    }

    @Override
    public void parkNanos(long nanos) {
        throw new IllegalStateException("nothing waits in the simulation, got " + nanos + " ns");
    }
}
