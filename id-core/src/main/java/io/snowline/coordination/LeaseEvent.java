package io.snowline.coordination;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Something that happened to a lease, in words and numbers.
 *
 * <p>Immutable; threads may share it.
 *
 * @param kind what happened
 * @param namespace the namespace
 * @param label this process' name for humans
 * @param node the node id concerned, if any
 * @param detail a sentence for the log: what happened, why, and what an operator can do
 * @param took how long the coordinator's answer took; zero where no call belongs to the event
 * @param cause the exception behind it, if any
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
        /** A node id was taken, with a window to stamp from. */
        ACQUIRED,
        /** A window was extended or, in recorded mode, the coordinator did what it was asked; the everyday event. */
        RENEWED,
        /** A call to the coordinator failed; reported for each failed call. Stamping goes on below the window's end. */
        AT_RISK,
        /**
         * Something unexpected was thrown on the keeper's thread; the cause has it. The keeper begins again by itself. Stamping
         * goes on below the window's end.
         */
        FAILED,
        /** The first success after {@link #AT_RISK}, {@link #FAILED}, {@link #FLOOR_RAISED}, {@link #WAITING} or {@link #REFUSED}. */
        RECOVERED,
        /** Another owner has the node id; a different one is being acquired, and callers notice nothing. */
        LOST,
        /** The namespace is new: this process has made it. */
        CREATED,
        /** The backend may have forgotten something: the floor was raised above all that may be forgotten. */
        FLOOR_RAISED,
        /** This process is configured with a larger {@code ahead} than the namespace had, and has raised it. */
        AHEAD_RAISED,
        /** No node id can be taken yet: none free, clocks that disagree, or a floor that is still too far ahead. */
        WAITING,
        /** The namespace is fixed otherwise, or unreadable: nothing will be issued until a person has looked. */
        REFUSED,
        /** The node id was given back. */
        RELEASED
    }
}
