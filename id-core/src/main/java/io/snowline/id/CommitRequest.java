package io.snowline.id;

import io.snowline.id.IdUnavailableException.Reason;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * IDs that a caller waits for, or that a taker is told. Until it is done it belongs to its queue: it is written under the
 * queue's lock, or by the thread that commits.
 */
abstract sealed class CommitRequest {

    final Deadline deadline;

    private final long[] ids;

    /** Where the next ID goes. */
    private int next;

    /** The commit that it is in, and how many IDs that is to give it. */
    private CommitBatch batch = CommitBatch.NONE;

    private int share;

    /** Whether nothing of what becomes of it will change any more. */
    volatile boolean done;

    private @Nullable IdUnavailableException refusal;

    private CommitRequest(int count, Deadline deadline) {
        this.ids = new long[count];
        this.deadline = deadline;
    }

    /** Returns the IDs, all of them only if it was not refused. A commit may still write here after a refusal. */
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

    /** Returns how many IDs the commit that it is in is to give it. */
    final int share() {
        return share;
    }

    /** Takes its share of a commit from an offset on. */
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

    /** Tells whether it was not refused. */
    final boolean isOpen() {
        return refusal == null;
    }

    /** Tells whether it was given its share, and needs another commit. */
    final boolean goesOn() {
        return refusal == null && share == 0 && missing() > 0;
    }

    /** Returns why it got nothing; null if it got all. */
    final @Nullable IdUnavailableException refusal() {
        if (refusal == null && missing() > 0) {
            return new IdUnavailableException(
                    Reason.COORDINATOR_UNAVAILABLE,
                    Duration.ofMillis(100),
                    "the commit of this request broke off half-way");
        }
        return refusal;
    }

    /** Wakes the other callers of the commit that it was in. */
    final void wakeOthers() {
        batch.wakeAll();
    }

    /** A thread that waits. */
    static final class Caller extends CommitRequest {

        private final Thread thread = Thread.currentThread();

        Caller(int count, Deadline deadline) {
            super(count, deadline);
        }

        void wake() {
            LockSupport.unpark(thread);
        }
    }

    /** A taker, and what runs on its behalf. */
    static final class Told extends CommitRequest {

        final Executor executor;
        private final IdTaker taker;

        Told(int count, Deadline deadline, Executor executor, IdTaker taker) {
            super(count, deadline);
            this.executor = executor;
            this.taker = taker;
        }

        /** Tells the taker; what it throws is reported, since others are told after it. */
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
