package io.snowline.coordination;

import java.time.Duration;

/**
 * Why a lease keeper has nothing to stamp from, or what failed last.
 *
 * <p>Immutable; threads may share it.
 *
 * @param kind the kind of obstacle
 * @param detail a sentence for people: what is wrong, with names and numbers
 * @param retryAfter when it is worth trying again; a guess where it cannot be known
 */
public record Obstacle(Kind kind, String detail, Duration retryAfter) {

    /** The kinds of obstacles. */
    public enum Kind {
        /** The first look at the coordinator is still under way. */
        STARTING,
        /** The coordinator does not answer. */
        COORDINATOR_UNAVAILABLE,
        /** Every node id that may be taken is held. */
        NO_FREE_NODE,
        /** The two clocks that there are at start differ too much. */
        CLOCKS_DISAGREE,
        /** No window may start yet. */
        WINDOW_AHEAD,
        /** The namespace was fixed otherwise. */
        NAMESPACE_MISMATCH,
        /** The coordinator holds something unreadable. */
        UNREADABLE_RECORD,
        /** The layout has no ticks left. */
        END_OF_TIME,
        /** The keeper was closed. */
        CLOSED
    }
}
