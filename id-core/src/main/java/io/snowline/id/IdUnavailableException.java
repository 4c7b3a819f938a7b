package io.snowline.id;

import io.snowline.lease.Obstacle;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when no ID can be issued safely now. Nothing was issued, and nothing is lost by trying again after
 * {@link #retryAfter()}; {@link Reason} says when that can help.
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

    /** Returns the exception for an obstacle that the protocol met. */
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

    /** Returns the reason. */
    public Reason reason() {
        return reason;
    }

    /** Returns how long to wait before trying again; a guess where it cannot be known. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** Why no ID can be issued. */
    public enum Reason {
        /** No node id is held yet, or it was lost; one is being acquired. */
        STARTING,
        /** The coordinator does not answer, and everything reserved is used up. */
        COORDINATOR_UNAVAILABLE,
        /**
         * The window's renewal failed unexpectedly and restarts by itself; meanwhile everything reserved is used up.
         */
        KEEPER_FAILED,
        /** Every node id that this process may take is held by other processes. */
        NO_FREE_NODE,
        /** This machine's clock and the coordinator's differ too much to start. */
        CLOCKS_DISAGREE,
        /** No window may start yet: the floor, or the node id's mark, lies too far ahead of the present. */
        WINDOW_AHEAD,
        /**
         * More IDs were requested than the layout provides, for longer than {@code maxLead} and {@code maxWait} can
         * bridge.
         */
        RATE_EXCEEDED,
        /**
         * The ledger has a record of an ID that was about to be issued: IDs of this namespace are also issued
         * elsewhere.
         */
        LEDGER_REFUSED,
        /** The namespace was fixed by its first process with other settings; trying again does not help. */
        NAMESPACE_MISMATCH,
        /**
         * The coordinator holds something unreadable; trying again does not help until an operator has looked at it.
         */
        UNREADABLE_RECORD,
        /** The layout's timestamp is used up; trying again does not help. */
        END_OF_TIME,
        /**
         * A client of the service: no server could be reached, or each was overloaded or had no ID; trying again helps
         * as soon as one answers.
         */
        SERVER_UNAVAILABLE,
        /**
         * A client of the service: the servers refuse the request, or answer something that is not a range of the
         * namespace; trying again does not help until the client's settings or the servers' have changed.
         */
        REQUEST_REFUSED,
        /** The generator was closed; trying again does not help. */
        CLOSED
    }
}
