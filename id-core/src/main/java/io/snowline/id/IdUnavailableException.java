package io.snowline.id;

import io.snowline.lease.Obstacle;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * No ID can be issued safely now. Nothing was issued, and nothing is lost by trying again after {@link #retryAfter()};
 * {@link Reason} says for which reasons that can help.
 */
public final class IdUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final Duration retryAfter;

    public IdUnavailableException(Reason reason, Duration retryAfter, String message) {
        this(reason, retryAfter, message, null);
    }

    public IdUnavailableException(Reason reason, Duration retryAfter, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
        this.retryAfter = Objects.requireNonNull(retryAfter, "retryAfter");
    }

    /** Makes the exception of an obstacle that the protocol met. */
    static IdUnavailableException of(Obstacle obstacle) {
        return of(obstacle, null);
    }

    static IdUnavailableException of(Obstacle obstacle, @Nullable Throwable cause) {
        Reason reason =
                switch (obstacle.kind()) {
                    case STARTING -> Reason.STARTING;
                    case COORDINATOR_UNAVAILABLE -> Reason.COORDINATOR_UNAVAILABLE;
                    case KEEPER_FAILED -> Reason.KEEPER_FAILED;
                    case NO_FREE_NODE -> Reason.NO_FREE_NODE;
                    case CLOCKS_DISAGREE -> Reason.CLOCKS_DISAGREE;
                    case WINDOW_AHEAD -> Reason.WINDOW_AHEAD;
                    case NAMESPACE_MISMATCH -> Reason.NAMESPACE_MISMATCH;
                    case UNREADABLE_RECORD -> Reason.UNREADABLE_RECORD;
                    case END_OF_TIME -> Reason.END_OF_TIME;
                    case CLOSED -> Reason.CLOSED;
                };
        return new IdUnavailableException(reason, obstacle.retryAfter(), obstacle.detail(), cause);
    }

    /** Returns why. */
    public Reason reason() {
        return reason;
    }

    /** Returns how long to wait before trying again; a guess where it cannot be known. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** Why no ID can be issued. */
    public enum Reason {
        /** No node id is held yet; the first one is being acquired. */
        STARTING,
        /** The coordinator does not answer, and what was reserved is used up. */
        COORDINATOR_UNAVAILABLE,
        /** Something unexpected was thrown where the window is renewed, and what was reserved is used up; that begins again. */
        KEEPER_FAILED,
        /** Every node id that this process may take is held by others. */
        NO_FREE_NODE,
        /** This machine's clock and the coordinator's differ too much to start. */
        CLOCKS_DISAGREE,
        /** No window may start yet: the floor, or the node id's mark, lies too far ahead of the present. */
        WINDOW_AHEAD,
        /** More was asked for than the layout gives, for longer than {@code maxLead} and {@code maxWait} bridge. */
        RATE_EXCEEDED,
        /** The ledger has a record of an ID that was about to be issued: somebody else issues IDs of this namespace. */
        LEDGER_REFUSED,
        /** The namespace was fixed otherwise by its first process; trying again does not help. */
        NAMESPACE_MISMATCH,
        /** The coordinator holds something unreadable; trying again does not help until a person has looked. */
        UNREADABLE_RECORD,
        /** The layout's timestamp is used up; trying again does not help. */
        END_OF_TIME,
        /** The generator was closed; trying again does not help. */
        CLOSED
    }
}
