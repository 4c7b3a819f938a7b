package io.snowline.lease;

import io.snowline.coordination.LeaseFailure;
import io.snowline.coordination.NamespaceMismatchException;
import io.snowline.coordination.UnreadableRecordException;
import java.time.Duration;

/**
 * Why a lease keeper has nothing to stamp from, or what failed last.
 *
 * <p>Immutable and thread-safe.
 *
 * @param kind the kind of obstacle
 * @param detail a sentence for humans: what is wrong, with names and numbers
 * @param retryAfter when it is worth trying again; a guess where it cannot be known
 */
public record Obstacle(Kind kind, String detail, Duration retryAfter) {

    /** When to retry if the obstacle may go away by itself. */
    static final Duration SOON = Duration.ofSeconds(1);

    /** When to retry if an operator must fix something. */
    static final Duration LATER = Duration.ofSeconds(5);

    /** Returns the obstacle for an exception that the coordinator threw, or that its records gave rise to. */
    public static Obstacle of(RuntimeException failure) {
        String detail = String.valueOf(failure.getMessage());
        if (failure instanceof NamespaceMismatchException) {
            return new Obstacle(Kind.NAMESPACE_MISMATCH, detail, LATER);
        }
        if (failure instanceof UnreadableRecordException) {
            return new Obstacle(Kind.UNREADABLE_RECORD, detail, LATER);
        }
        return new Obstacle(Kind.COORDINATOR_UNAVAILABLE, "the coordinator did not answer: " + detail, SOON);
    }

    /** Returns the obstacle of a keeper that restarts after an unexpected failure. */
    static Obstacle keeperFailed(LeaseFailure failure) {
        return new Obstacle(Kind.KEEPER_FAILED, "the lease keeper failed, and begins again: " + failure.text(), SOON);
    }

    /**
     * Tells whether the outcome of the latest call to the coordinator is unknown, in which case renewals are
     * interrupted.
     */
    public boolean outcomeUnknown() {
        return kind == Kind.COORDINATOR_UNAVAILABLE || kind == Kind.KEEPER_FAILED;
    }

    /** Tells whether nothing will be issued until an operator has stepped in. */
    boolean hopeless() { // by comparisons: without memory, the class that a switch needs could fail to load for good
        return kind == Kind.NAMESPACE_MISMATCH || kind == Kind.UNREADABLE_RECORD || kind == Kind.END_OF_TIME;
    }

    /** Returns the obstacle of a layout that has no positions left. */
    static Obstacle endOfTime(NamespaceSpec spec) {
        String detail = "the layout of namespace '%s' ends at %s"
                .formatted(spec.name(), spec.scale().end());
        return new Obstacle(Kind.END_OF_TIME, detail, LATER);
    }

    /** Returns the obstacle of a floor at the end of the layout, although there is time left. */
    static Obstacle floorAtEndOfTime(NamespaceSpec spec) {
        String detail =
                "the floor of namespace '%s' in the coordinator is at the layout's end, %s, although it is not that late: a process whose clock was far ahead has stored it there. Delete the namespace, and make it anew with the command create"
                        .formatted(spec.name(), spec.scale().end());
        return new Obstacle(Kind.END_OF_TIME, detail, LATER);
    }

    /** The kinds of obstacles. */
    public enum Kind {
        /** The first read of the coordinator is still under way. */
        STARTING,
        /** The coordinator does not answer. */
        COORDINATOR_UNAVAILABLE,
        /** Something unexpected was thrown on the keeper's thread, which restarts. */
        KEEPER_FAILED,
        /** Every node id that may be taken is held. */
        NO_FREE_NODE,
        /** The only two clocks available at startup differ too much. */
        CLOCKS_DISAGREE,
        /** No window may start yet. */
        WINDOW_AHEAD,
        /** The namespace was fixed with other settings. */
        NAMESPACE_MISMATCH,
        /** The coordinator holds something unreadable. */
        UNREADABLE_RECORD,
        /** The layout has no ticks left. */
        END_OF_TIME,
        /** The keeper was closed. */
        CLOSED
    }
}
