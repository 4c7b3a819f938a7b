package io.snowline.coordination;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An event in the life of a lease, in words and numbers.
 *
 * <p>Immutable and thread-safe.
 *
 * @param kind what happened
 * @param namespace the namespace
 * @param label this process's name for humans
 * @param node the node id concerned, if any
 * @param detail a sentence for the log: what happened, why, and what an operator can do about it
 * @param took how long the coordinator took to answer; zero where no call belongs to the event
 * @param cause the underlying exception, if any
 */
public record LeaseEvent(
        Kind kind,
        String namespace,
        String label,
        OptionalInt node,
        String detail,
        Duration took,
        Optional<Throwable> cause) {

    /** What can happen to a lease. */
    public enum Kind {
        /** A node id was acquired, with a window to stamp from. */
        ACQUIRED,
        /** A window was extended or, in recorded mode, the coordinator carried out a request; the everyday event. */
        RENEWED,
        /**
         * A call to the coordinator failed; reported for each failed call. Stamping continues below the window's end.
         */
        AT_RISK,
        /**
         * Something unexpected was thrown on the keeper's thread; see the cause. The keeper restarts by itself.
         * Stamping continues below the window's end.
         */
        FAILED,
        /** The first success after {@link #AT_RISK}, {@link #FAILED}, {@link #FLOOR_RAISED}, {@link #WAITING} or {@link #REFUSED}. */
        RECOVERED,
        /** Another owner has the node id; a different one is being acquired, and callers notice nothing. */
        LOST,
        /** The namespace was new: this process created it. */
        CREATED,
        /**
         * The backend may have forgotten something: the floor was raised above everything that may have been forgotten.
         */
        FLOOR_RAISED,
        /** This process is configured with a larger {@code ahead} than the namespace had, and raised it. */
        AHEAD_RAISED,
        /** No node id can be acquired yet: none is free, clocks disagree, or a floor is still too far ahead. */
        WAITING,
        /**
         * The namespace has different settings, is unreadable, or has no time left: nothing will be issued until an
         * operator has stepped in.
         */
        REFUSED,
        /** The node id was released. */
        RELEASED
    }
}
