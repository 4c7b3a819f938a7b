package io.snowline.coordination;

import java.time.Instant;

/**
 * An unexpected failure on a lease keeper's thread: a bug, a fault in a listener or a clock, or a virtual machine out
 * of memory. An unreachable coordinator is ordinary, and does not count as one. The keeper restarts by itself; the
 * failure says that there is something to look into.
 *
 * <p>Immutable and thread-safe.
 *
 * @param count how many times this has happened to the lease, at least 1
 * @param at when it last happened, by this machine's wall clock
 * @param text what was thrown that time
 */
public record LeaseFailure(long count, Instant at, String text) {

    /**
     * Returns a text for humans: {@code failed last at 2026-11-30T08:00:00Z: java.lang.OutOfMemoryError (3 in all)}.
     */
    @Override
    public String toString() {
        return "failed last at %s: %s (%s in all)".formatted(at, text, count);
    }
}
