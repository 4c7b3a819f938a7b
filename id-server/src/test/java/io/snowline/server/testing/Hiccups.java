package io.snowline.server.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long a runnable thread has to wait on this machine, so that a test about milliseconds also holds on a
 * busy machine. Thread-safe.
 */
public final class Hiccups implements AutoCloseable {

    private static final long STEP_NANOS = 1_000_000;

    private final Thread thread = new Thread(this::measure, "hiccups");
    private volatile long longestNanos;
    private volatile boolean over;

    private Hiccups() {
        thread.setDaemon(true);
    }

    /** Starts measuring. */
    public static Hiccups start() {
        Hiccups started = new Hiccups();
        started.thread.start();
        return started;
    }

    private void measure() {
        long before = System.nanoTime();
        while (!over) {
            LockSupport.parkNanos(STEP_NANOS);
            long now = System.nanoTime();
            longestNanos = Math.max(longestNanos, now - before - STEP_NANOS);
            before = now;
        }
    }

    /** Returns the longest wait so far. */
    public Duration longest() {
        return Duration.ofNanos(longestNanos);
    }

    @Override
    public void close() {
        over = true;
    }
}
