package io.snowline.coordination;

import io.snowline.time.TimeSource;
import java.time.Instant;
import java.util.Optional;

/**
 * Something unexpected that was thrown on a lease keeper's thread: not by a coordinator that could not be reached, which is
 * ordinary, but by a listener's or clock's defect, a bug, or a virtual machine without memory. The keeper begins again by
 * itself; this says that there is something to look into.
 *
 * <p>Immutable; threads may share it.
 *
 * @param count how often that has happened to this lease, at least once
 * @param at when it happened last, on this machine's wall clock
 * @param text what was thrown then
 */
public record LeaseFailure(long count, Instant at, String text) {

    /** Counts one more failure. */
    static LeaseFailure after(Optional<LeaseFailure> before, Throwable thrown, TimeSource time) {
        long count = before.map(LeaseFailure::count).orElse(0L) + 1;
        return new LeaseFailure(count, now(time), textOf(thrown));
    }

    private static Instant now(TimeSource time) {
        long millis;
        try {
            millis = time.wallMillis();
        } catch (RuntimeException | Error e) { // the clock may be what fails
            millis = TimeSource.system().wallMillis();
        }
        return Instant.ofEpochMilli(millis);
    }

    private static String textOf(Throwable thrown) {
        try {
            return thrown.toString();
        } catch (RuntimeException | Error e) {
            return thrown.getClass().getName();
        }
    }

    /** Returns a text for people: {@code failed last at 2026-11-30T08:00:00Z: java.lang.OutOfMemoryError (3 in all)}. */
    @Override
    public String toString() {
        return "failed last at %s: %s (%d in all)".formatted(at, text, count);
    }
}
