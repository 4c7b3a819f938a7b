package io.snowline.lease;

import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The best estimate of the time: the median of three clocks, so that one faulty clock changes nothing. The three are
 * the store's clock, the wall clock, and the last reference plus the monotonic time that has passed since. If the store
 * has no clock, its vote goes to the wall clock.
 *
 * <p>At first there are only two clocks; {@link #skewMillis} tells by how much they differ, and the store's is taken,
 * since all processes of a namespace share it.
 *
 * <p>Times are microseconds since 1970. Not thread-safe: one lease keeper owns it.
 */
public final class ReferenceClock {

    private final TimeSource time;
    private OptionalLong reference = OptionalLong.empty();
    private OptionalLong store = OptionalLong.empty();
    private long observedAtNanos;

    public ReferenceClock(TimeSource time) {
        this.time = time;
    }

    /**
     * Takes a reading of all clocks.
     *
     * @param storeMillis the store's clock, read after the request was sent and before its answer arrived; empty if the
     *     store has none. Taken as the time of the answer, and therefore late by at most the time of the way back,
     *     which is the safe side
     * @return the reference time
     */
    public long observe(Optional<Long> storeMillis) {
        long wall = time.wallMillis()
                * 1_000; // before the monotonic clock: a pause between the two makes the reference late
        long now = time.monotonicNanos();
        long storeMicros = storeMillis.map(millis -> millis * 1_000).orElse(wall);
        long elapsed = elapsedMicros(now);
        long next = reference.isPresent() ? median(storeMicros, wall, reference.getAsLong() + elapsed) : storeMicros;
        reference = OptionalLong.of(next);
        store = storeMillis.isPresent() ? OptionalLong.of(storeMicros) : OptionalLong.empty();
        observedAtNanos = now;
        return next;
    }

    /** Returns by how many milliseconds a store's clock is ahead of the wall clock; negative when it is behind. */
    public long skewMillis(long storeMillis) {
        return storeMillis - time.wallMillis();
    }

    /** Tells whether {@link #observe} has been called. */
    public boolean known() {
        return reference.isPresent();
    }

    /**
     * Returns the reference time now, in milliseconds since 1970.
     *
     * @throws IllegalStateException before the first {@link #observe}
     */
    public long millis() {
        long last = reference.orElseThrow(() -> new IllegalStateException("no clock was observed yet"));
        return Math.floorDiv(last + elapsedMicros(time.monotonicNanos()), 1_000L);
    }

    /**
     * Returns a lower bound of what the store's clock shows now, in milliseconds since 1970: its last reading plus
     * monotonic time. Returns the reference time if the store has no clock.
     *
     * @throws IllegalStateException before the first {@link #observe}
     */
    public long storeMillis() {
        if (store.isEmpty()) {
            return millis();
        }
        return Math.floorDiv(store.getAsLong() + elapsedMicros(time.monotonicNanos()), 1_000L);
    }

    /** Returns the time since the last {@link #observe}; a clock that was wrong then counts until the next one. */
    public Duration age() {
        return Duration.ofNanos(Math.max(0, time.monotonicNanos() - observedAtNanos));
    }

    private long elapsedMicros(long nowNanos) {
        return Math.max(0, nowNanos - observedAtNanos) / 1_000;
    }

    private static long median(long a, long b, long c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
