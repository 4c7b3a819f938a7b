package io.snowline.lease;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.snowline.time.NamespaceTime;
import io.snowline.time.TimeSource;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The time that IDs are stamped with: it does not go back, whatever the underlying clocks do. (If the thread that
 * corrects it is held up between reading the monotonic clock and publishing the result, readers may see it step back by
 * at most half of that time. Positions do not: the cursor of a lane only grows.)
 *
 * <p>Two lines, redrawn at each correction; the higher one counts:
 *
 * <pre>
 *   reference:  r0 + elapsed          the best estimate of the time
 *   logical:    l0 + elapsed / 2      what was already stamped, slowed down until the reference has caught up
 * </pre>
 *
 * <p>A reference that jumps forward is thus followed immediately, and one that falls back is waited for at half speed:
 * no caller stops, no time repeats. Elapsed time is monotonic time, so the wall clock is not read at all between
 * corrections.
 *
 * <p>Times are microseconds since 1970. Thread-safe: readers see one consistent pair of lines.
 */
public final class LogicalClock {

    private record Lines(long drawnAtNanos, long logicalMicros, long referenceMicros, boolean slow) {

        long elapsedMicros(long nowNanos) {
            return Math.max(0, nowNanos - drawnAtNanos) / 1_000;
        }

        long referenceAt(long nowNanos) {
            return referenceMicros + elapsedMicros(nowNanos);
        }

        long logicalAt(long nowNanos) {
            long elapsed = elapsedMicros(nowNanos);
            return Math.max(referenceMicros + elapsed, logicalMicros + elapsed / 2);
        }

        long nanosFrom(long nowNanos, long micros) {
            long elapsedThen = Math.min(micros - referenceMicros, 2 * (micros - logicalMicros));
            return elapsedThen * 1_000 - Math.max(0, nowNanos - drawnAtNanos);
        }
    }

    private final TimeSource time;
    private final ReentrantLock lock;
    private volatile Lines lines;
    private volatile Runnable whenDrawn = () -> {};
    private volatile NamespaceTime namespace = NamespaceTime.NOW;

    @GuardedBy("lock")
    private boolean corrected;

    /**
     * Creates a clock that shows the wall clock until {@link #correct} is called for the first time.
     *
     * @param lock held while lines are redrawn, which no other code needs
     */
    public LogicalClock(TimeSource time, ReentrantLock lock) {
        this.time = time;
        this.lock = lock;
        long wallMicros = time.wallMillis() * 1_000;
        this.lines = new Lines(time.monotonicNanos(), wallMicros, wallMicros, false);
    }

    /**
     * Sets an action that runs after each correction, when the logical time may have jumped forward. It runs on the
     * correcting thread, at any moment, so it must be short.
     */
    public void whenDrawn(Runnable action) {
        whenDrawn = action;
    }

    /** Returns the logical time in milliseconds since 1970. */
    public long millis() {
        return millisAt(time.monotonicNanos());
    }

    /** Returns the logical time at a reading of the monotonic clock taken just now, in milliseconds since 1970. */
    public long millisAt(long monotonicNanos) {
        return Math.floorDiv(lines.logicalAt(monotonicNanos), 1_000L);
    }

    /**
     * Returns how many nanoseconds are left until the logical time reaches an instant, unless it is corrected in the
     * meantime; not positive if it has already been reached.
     *
     * @param unixMillis milliseconds since 1970
     */
    public long nanosUntil(long unixMillis) {
        return lines.nanosFrom(time.monotonicNanos(), unixMillis * 1_000);
    }

    /**
     * Tells whether the namespace time was ahead of now at the last correction. Logical time then runs at half speed,
     * and so only half as much as usual may be stamped ahead of it. That way a process that is killed and restarted
     * finds the namespace time above everything it has stamped, as it would at full speed.
     */
    public boolean slow() {
        return lines.slow();
    }

    /** Sets the namespace time, to which the logical time is raised when a window above the floor is begun. */
    public void follow(NamespaceTime namespaceTime) {
        namespace = namespaceTime;
    }

    /**
     * Sets the reference time. The logical time follows it forward immediately, and never backward, except at the first
     * call: nothing was stamped before it.
     */
    public void correct(long referenceMicros) {
        lock.lock();
        try {
            long now = time.monotonicNanos();
            draw(now, corrected ? lines.logicalAt(now) : referenceMicros, referenceMicros);
            corrected = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Raises the logical time to at least an instant, because the next window starts there; and to the namespace time,
     * if that window lies above its floor.
     */
    public void raise(long unixMillis) {
        lock.lock();
        try {
            long now = time.monotonicNanos();
            draw(now, raisedMicros(unixMillis, now), lines.referenceAt(now));
        } finally {
            lock.unlock();
        }
    }

    /** Returns what the logical time, in milliseconds since 1970, would be if it were {@linkplain #raise raised} now. */
    public long raisedMillis(long unixMillis) {
        return Math.floorDiv(raisedMicros(unixMillis, time.monotonicNanos()), 1_000L);
    }

    private long raisedMicros(long unixMillis, long nowNanos) {
        Lines now = lines;
        long referenceMillis = Math.floorDiv(now.referenceAt(nowNanos), 1_000L);
        long start =
                unixMillis < namespace.floorMillis() ? unixMillis : Math.max(unixMillis, namespace.at(referenceMillis));
        return Math.max(now.logicalAt(nowNanos), start * 1_000);
    }

    private void draw(long nowNanos, long logicalMicros, long referenceMicros) {
        boolean slow = namespace.ahead(Math.floorDiv(referenceMicros, 1_000L));
        lines = new Lines(nowNanos, logicalMicros, referenceMicros, slow);
        whenDrawn.run();
    }
}
