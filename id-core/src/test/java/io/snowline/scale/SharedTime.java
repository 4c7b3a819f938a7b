package io.snowline.scale;

import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** The one clock of the simulation, and what happens on it. */
final class SharedTime implements TimeSource {

    private static final long START_MILLIS = 1_780_000_000_000L;

    private record Event(long atNanos, long order, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order));
    private long nowNanos;
    private long orders;

    void after(Duration delay, Runnable action) {
        afterNanos(delay.toNanos(), action);
    }

    void afterNanos(long nanos, Runnable action) {
        events.add(new Event(nowNanos + Math.max(0, nanos), orders++, action));
    }

    void run(Duration time) {
        long endNanos = nowNanos + time.toNanos();
        while (!events.isEmpty() && events.peek().atNanos() <= endNanos) {
            Event event = events.poll();
            nowNanos = event.atNanos();
            event.action().run();
        }
        nowNanos = endNanos;
    }

    @Override
    public long wallMillis() {
        return START_MILLIS + nowNanos / 1_000_000;
    }

    @Override
    public long monotonicNanos() {
        return nowNanos;
    }

    @Override
    public void parkNanos(long nanos) {
        throw new IllegalStateException("nothing waits in the simulation, got " + nanos + " ns");
    }
}
