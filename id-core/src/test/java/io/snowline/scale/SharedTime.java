package io.snowline.scale;

import io.snowline.simulated.EventQueue;
import io.snowline.time.TimeSource;
import java.time.Duration;

/** The one clock of the simulation, and what happens on it. */
final class SharedTime implements TimeSource {

    private static final long START_MILLIS = 1_780_000_000_000L;

    private final EventQueue events = new EventQueue();

    void after(Duration delay, Runnable action) {
        afterNanos(delay.toNanos(), action);
    }

    void afterNanos(long nanos, Runnable action) {
        events.afterNanos(nanos, action);
    }

    void run(Duration time) {
        events.runUntil(events.nowNanos() + time.toNanos());
    }

    @Override
    public long wallMillis() {
        return START_MILLIS + events.nowNanos() / 1_000_000;
    }

    @Override
    public long monotonicNanos() {
        return events.nowNanos();
    }

    @Override
    public void parkNanos(long nanos) {
        throw new IllegalStateException("nothing waits in the simulation, got " + nanos + " ns");
    }
}
