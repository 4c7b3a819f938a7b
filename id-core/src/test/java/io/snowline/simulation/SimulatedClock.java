package io.snowline.simulation;

/** A clock that jumps, drifts and stands still; sane until told otherwise. */
final class SimulatedClock {

    private static final long NANOS = 1_000_000;

    private final Timeline timeline;
    private long setAtNanos;
    private long shownNanos;
    private double rate = 1;

    /** Makes a clock that shows true time since 1970, give or take an offset. */
    SimulatedClock(Timeline timeline, long offsetMillis) {
        this.timeline = timeline;
        this.setAtNanos = timeline.nowNanos();
        this.shownNanos = timeline.unixNanos() + offsetMillis * NANOS;
    }

    long nanos() {
        long elapsed = timeline.nowNanos() - setAtNanos;
        return shownNanos + (rate == 1 ? elapsed : (long) (elapsed * rate));
    }

    long millis() {
        return Math.floorDiv(nanos(), NANOS);
    }

    void jump(long byMillis) {
        set(nanos() + byMillis * NANOS);
    }

    /** Sets how fast the clock goes: 1 is right, 0 stands still. */
    void rate(double now) {
        set(nanos());
        rate = now;
    }

    /** Sets the clock right, give or take an offset. */
    void correct(long offsetMillis) {
        set(timeline.unixNanos() + offsetMillis * NANOS);
        rate = 1;
    }

    private void set(long nanos) {
        shownNanos = nanos;
        setAtNanos = timeline.nowNanos();
    }
}
