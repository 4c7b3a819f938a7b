package io.snowline.simulation;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** True time and what happens on it: one thread, one queue, one seed. Nothing else in the simulation knows true time. */
final class Timeline {

    private static final int TRACE_LINES = 400;
    static final long START_MILLIS = 1_780_000_000_000L;

    private record Event(long atNanos, long order, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order));
    private final Deque<String> trace = new ArrayDeque<>();
    private final SplittableRandom random;
    private long nowNanos;
    private long orders;

    Timeline(long seed) {
        random = new SplittableRandom(seed);
    }

    SplittableRandom random() {
        return random;
    }

    long nowNanos() {
        return nowNanos;
    }

    long nowMillis() {
        return nowNanos / 1_000_000;
    }

    /** True time in milliseconds since 1970. */
    long unixMillis() {
        return START_MILLIS + nowMillis();
    }

    void after(long millis, Runnable action) {
        afterNanos(millis * 1_000_000, action);
    }

    void afterNanos(long nanos, Runnable action) {
        events.add(new Event(nowNanos + Math.max(0, nanos), orders++, action));
    }

    void runUntil(long millis) {
        long endNanos = millis * 1_000_000;
        while (!events.isEmpty() && events.peek().atNanos() <= endNanos) {
            Event event = events.poll();
            nowNanos = event.atNanos();
            event.action().run();
        }
        nowNanos = endNanos;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    long between(long from, long to) {
        return random.nextLong(from, to + 1);
    }

    void note(String line) {
        if (trace.size() == TRACE_LINES) {
            trace.removeFirst();
        }
        trace.addLast("%9.3f s  %s".formatted(nowNanos / 1e9, line));
    }

    String trace() {
        return String.join("\n", trace);
    }
}
