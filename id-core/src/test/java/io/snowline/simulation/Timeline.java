package io.snowline.simulation;

import io.snowline.simulated.EventQueue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * True time and its events: one queue, one seed. Nothing else in the simulation knows true time. What happened is
 * folded into a fingerprint, by which two runs of a seed are compared; words are kept only when a run is traced.
 */
final class Timeline {

    static final long START_MILLIS = 1_780_000_000_000L;

    private static final int TRACE_LINES = Integer.getInteger("snowline.simulation.trace", 250);
    private static final long NANOS = 1_000_000;

    private final EventQueue events = new EventQueue();
    private final Deque<String> trace = new ArrayDeque<>();
    private final SplittableRandom random;
    private final boolean traced;
    private long fingerprint;

    Timeline(long seed, boolean traced) {
        this.random = new SplittableRandom(seed);
        this.traced = traced;
    }

    // ---- time ----

    long nowNanos() {
        return events.nowNanos();
    }

    long nowMillis() {
        return nowNanos() / NANOS;
    }

    /** True time in nanoseconds since 1970. */
    long unixNanos() {
        return START_MILLIS * NANOS + nowNanos();
    }

    void after(long millis, Runnable action) {
        afterNanos(millis * NANOS, action);
    }

    void afterNanos(long nanos, Runnable action) {
        events.afterNanos(nanos, action);
    }

    void runUntil(long millis) {
        events.runUntil(millis * NANOS);
    }

    // ---- chance ----

    SplittableRandom random() {
        return random;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Returns a number between two, both included. */
    long between(long from, long to) {
        return random.nextLong(from, to + 1);
    }

    // ---- record ----

    /** Folds a number into the fingerprint of this run. */
    void seen(long number) {
        long mixed = (fingerprint ^ number) * 0x9E3779B97F4A7C15L;
        fingerprint = mixed ^ (mixed >>> 32);
    }

    void seen(String text) {
        seen(text.hashCode());
    }

    long fingerprint() {
        return fingerprint ^ nowNanos();
    }

    void note(Supplier<String> line) {
        if (!traced) {
            return;
        }
        if (trace.size() == TRACE_LINES) {
            trace.removeFirst();
        }
        trace.addLast("%10.3f s  %s".formatted(nowNanos() / 1e9, line.get()));
    }

    String trace() {
        return String.join("\n", trace);
    }
}
