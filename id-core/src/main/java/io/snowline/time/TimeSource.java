package io.snowline.time;

import java.util.concurrent.locks.LockSupport;

/**
 * The two clocks of a process, and a way to wait on the second one.
 *
 * <p>The wall clock says what time it is, and may be set at any moment, in either direction. The monotonic clock says
 * how much time has passed, means nothing outside this process, and may stand still while the machine is suspended.
 * Snowline never trusts either alone.
 *
 * <p>Implementations are safe for use by many threads.
 */
public interface TimeSource {

    /** Returns the wall clock, in milliseconds since 1970-01-01T00:00:00Z. May go back. */
    long wallMillis();

    /** Returns the monotonic clock, in nanoseconds since an arbitrary moment. Compare by difference; never goes back. */
    long monotonicNanos();

    /**
     * Waits about as long as told, measured on the monotonic clock; may return early. Returns at once, leaving the
     * interrupt status set, when the thread is interrupted. Where the monotonic clock has not moved meanwhile, as in a test
     * that moves it by hand, callers take the wait for done, so that they end at their deadline.
     *
     * @param nanos how long, in nanoseconds; nothing is waited when it is not positive
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
