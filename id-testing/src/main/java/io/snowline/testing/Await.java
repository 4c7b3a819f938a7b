package io.snowline.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for other processes by polling. Thread-safe. */
public final class Await {

    private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();

    private Await() {}

    /**
     * Waits until a condition holds.
     *
     * @throws IllegalStateException if it does not hold before the deadline
     */
    public static void until(String what, Duration deadline, BooleanSupplier condition) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("waited " + deadline + " in vain for " + what);
            }
            pause();
        }
    }

    /** Waits a little. */
    public static void pause() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }
}
