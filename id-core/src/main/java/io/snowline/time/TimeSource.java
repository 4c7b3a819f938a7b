package io.snowline.time;

import java.util.concurrent.locks.LockSupport;

/**
 * The two clocks of a process, and a way to wait on the monotonic one.
 *
 * <p>The wall clock tells the time of day, and may be set at any moment, in either direction. The monotonic clock tells
 * how much time has passed, means nothing outside this process, and may stop while the machine is suspended. Snowline
 * never trusts either of them alone.
 *
 * <p>Implementations are thread-safe.
 */
public interface TimeSource {

    /** Returns the wall clock, in milliseconds since 1970-01-01T00:00:00Z. May go back. */
    long wallMillis();

    /**
     * Returns the monotonic clock, in nanoseconds since an arbitrary moment. Compare readings by their difference;
     * never goes back.
     */
    long monotonicNanos();

    /**
     * Waits for about the given time, measured on the monotonic clock; may return early. Returns immediately, with the
     * interrupt status still set, if the thread is interrupted. If the monotonic clock has not moved meanwhile, as in a
     * test that moves it by hand, callers count the wait as done, so that they still reach their deadline.
     *
     * @param nanos how long to wait, in nanoseconds; does not wait if not positive
     */
    void parkNanos(long nanos);

    /** Returns the clocks of this machine. */
    static TimeSource system() {
        return SystemTimeSource.INSTANCE;
    }
}

/** The JVM's own clocks. */
enum SystemTimeSource implements TimeSource {
    INSTANCE;

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long monotonicNanos() {
        return System.nanoTime();
    }

    @Override
    public void parkNanos(long nanos) {
        LockSupport.parkNanos(this, nanos);
    }
}
