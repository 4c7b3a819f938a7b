package io.snowline.time;

/**
 * The time that IDs are stamped with: it never goes back, whatever the clocks behind it do.
 *
 * <p>Two lines, drawn again at each correction, and the higher one counts:
 *
 * <pre>
 *   reference:  r0 + elapsed          the best knowledge of what time it is
 *   logical:    l0 + elapsed / 2      what was stamped already, slowed down until the reference has caught up
 * </pre>
 *
 * <p>So a reference that jumps forward is followed at once, and one that falls back is waited for at half speed: nobody
 * stops, nothing repeats. Elapsed time is monotonic time, so between corrections the wall clock is not read at all.
 *
 * <p>Times are microseconds since 1970. Safe for use by many threads: readers see one consistent pair of lines.
 */
public final class LogicalClock {

    private record Lines(long drawnAtNanos, long logicalMicros, long referenceMicros) {

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
    private volatile Lines lines;
    private volatile Runnable whenDrawn = () -> {};
    private boolean corrected;

    /** Makes a clock that shows the wall clock until {@link #correct} is called for the first time. */
    public LogicalClock(TimeSource time) {
        this.time = time;
        long wallMicros = time.wallMillis() * 1_000;
        this.lines = new Lines(time.monotonicNanos(), wallMicros, wallMicros);
    }

    /**
     * Sets what runs after each correction, when the logical time may have jumped forward; on the thread that corrects, at
     * any moment, so it must be short.
     */
    public void whenDrawn(Runnable action) {
        whenDrawn = action;
    }

    /** Returns the logical time in milliseconds since 1970. */
    public long millis() {
        return millisAt(time.monotonicNanos());
    }

    /** Returns the logical time at a reading of the monotonic clock, taken just now, in milliseconds since 1970. */
    public long millisAt(long monotonicNanos) {
        return Math.floorDiv(lines.logicalAt(monotonicNanos), 1_000L);
    }

    /**
     * Returns how many nanoseconds it takes until the logical time is at an instant, unless it is corrected meanwhile; not
     * positive when it is there already.
     *
     * @param unixMillis milliseconds since 1970
     */
    public long nanosUntil(long unixMillis) {
        return lines.nanosFrom(time.monotonicNanos(), unixMillis * 1_000);
    }

    /** Returns the reference time, in milliseconds since 1970, which may be behind the logical time. */
    public long referenceMillis() {
        return Math.floorDiv(lines.referenceAt(time.monotonicNanos()), 1_000L);
    }

    /**
     * Sets the reference time; the logical time follows it forward at once, and backward never, except at the first call:
     * nothing was stamped before it.
     */
    public synchronized void correct(long referenceMicros) {
        long now = time.monotonicNanos();
        draw(new Lines(now, corrected ? lines.logicalAt(now) : referenceMicros, referenceMicros));
        corrected = true;
    }

    /** Raises the logical time to at least an instant, because the next window starts there. */
    public synchronized void raise(long unixMillis) {
        long now = time.monotonicNanos();
        long logical = Math.max(lines.logicalAt(now), unixMillis * 1_000);
        draw(new Lines(now, logical, lines.referenceAt(now)));
    }

    private void draw(Lines next) {
        lines = next;
        whenDrawn.run();
    }
}
