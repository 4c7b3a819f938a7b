package io.snowline.id;

import io.snowline.id.IdUnavailableException.Reason;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A request for IDs, from a caller that waits or a taker that is told. Until it is done it belongs to its queue: it is
 * written under the queue's lock, or by the committing thread.
 */
abstract sealed class CommitRequest {

    final Deadline deadline;

    private final long[] ids;

    /** Where the next ID goes. */
    private int next;

    /** The commit that this request is part of, and how many IDs that commit is to give it. */
    private CommitBatch batch = CommitBatch.NONE;

    private int share;

    /** Whether the outcome is final. */
    volatile boolean done;

    private @Nullable IdUnavailableException refusal;

    private CommitRequest(int count, Deadline deadline) {
        this.ids = new long[count];
        this.deadline = deadline;
    }

    /**
     * Returns the IDs; complete only if the request was not refused. A commit may still write to the array after a
     * refusal.
     */
    final long[] ids() {
        return ids;
    }

    /** Returns how many IDs are missing. */
    final int missing() {
        return ids.length - next;
    }

    final void join(CommitBatch commit, int count) {
        batch = commit;
        share = count;
    }

    /** Returns how many IDs its commit is to give it. */
    final int share() {
        return share;
    }

    /** Copies its share of a commit's IDs, from an offset on. */
    final void fill(long[] source, int offset) {
        System.arraycopy(source, offset, ids, next, share);
        next += share;
        share = 0;
    }

    final void refuse(IdUnavailableException why) {
        refusal = why;
    }

    final boolean isLate() {
        return deadline.remainingNanos() <= 0;
    }

    /** Tells whether it has not been refused. */
    final boolean isOpen() {
        return refusal == null;
    }

    /** Tells whether it got its share, and needs another commit. */
    final boolean goesOn() {
        return refusal == null && share == 0 && missing() > 0;
    }

    /** Returns why it was refused; null if it got all its IDs. */
    final @Nullable IdUnavailableException refusal() {
        if (refusal == null && missing() > 0) {
            return new IdUnavailableException(
                    Reason.COORDINATOR_UNAVAILABLE,
                    Duration.ofMillis(100),
                    "the commit of this request broke off half-way");
        }
        return refusal;
    }

    /** Wakes the other callers of its commit. */
    final void wakeOthers() {
        batch.wakeAll();
    }

    /** A request whose thread waits. */
    static final class Caller extends CommitRequest {

        private final Thread thread = Thread.currentThread();

        Caller(int count, Deadline deadline) {
            super(count, deadline);
        }

        void wake() {
            LockSupport.unpark(thread);
        }
    }

    /** A request of a taker, and the executor that calls the taker. */
    static final class Told extends CommitRequest {

        final Executor executor;
        private final IdTaker taker;

        Told(int count, Deadline deadline, Executor executor, IdTaker taker) {
            super(count, deadline);
            this.executor = executor;
            this.taker = taker;
        }

        /** Calls the taker; anything it throws is reported, since others are called after it. */
        void tell() {
            try {
                IdUnavailableException refusal = refusal();
                if (refusal == null) {
                    taker.issued(ids());
                } else {
                    taker.refused(refusal);
                }
            } catch (RuntimeException | Error e) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        }
    }
}
