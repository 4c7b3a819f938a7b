package io.snowline.coordination;

import java.time.Instant;

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

    /** Returns a text for people: {@code failed last at 2026-11-30T08:00:00Z: java.lang.OutOfMemoryError (3 in all)}. */
    @Override
    public String toString() {
        return "failed last at %s: %s (%d in all)".formatted(at, text, count);
    }
}
