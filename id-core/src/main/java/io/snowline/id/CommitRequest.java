package io.snowline.id;

import io.snowline.id.IdUnavailableException.Reason;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A part of a commit: IDs that a caller waits for, or that a taker is told. What becomes of it is written by the thread that
 * leads, under the queue's lock or before it is done.
 */
abstract sealed class CommitRequest {

    private static final Duration SOON = Duration.ofMillis(100);

    final int count;
    final Deadline deadline;

    /** Whether it is in the batch of the commit that is under way. */
    boolean taken;

    /** Whether its queue was closed before it was served. */
    boolean closed;

    /** Whether nothing of what becomes of it will change any more. */
    volatile boolean done;

    private boolean filled;
    private @Nullable IdUnavailableException failure;

    private CommitRequest(int count, Deadline deadline) {
        this.count = count;
        this.deadline = deadline;
    }

    /** Takes its IDs from an offset on. */
    final void fill(long[] source, int offset) {
        take(source, offset);
        filled = true;
    }

    abstract void take(long[] source, int offset);

    final void fail(IdUnavailableException why) {
        failure = why;
    }

    final boolean failed() {
        return failure != null;
    }

    /** Returns why it got nothing; null if it was filled. */
    final @Nullable IdUnavailableException refusal() {
        if (closed) {
            return new IdUnavailableException(Reason.CLOSED, Duration.ZERO, "the generator was closed");
        }
        if (failure != null || filled) {
            return failure;
        }
        return new IdUnavailableException(
                Reason.COORDINATOR_UNAVAILABLE, SOON, "the commit of this request broke off half-way");
    }

    /** A thread that waits for a part of an array. */
    static final class Caller extends CommitRequest {

        private final long[] ids;
        private final int from;
        private final Thread thread = Thread.currentThread();

        /** Whether the lead was handed to this thread, which has not begun yet. */
        volatile boolean leads;

        /** The next one that the same commit served. */
        @Nullable
        Caller next;

        /** Whether this one wakes those behind it. */
        boolean wakesOthers;

        Caller(long[] ids, int from, int count, Deadline deadline) {
            super(count, deadline);
            this.ids = ids;
            this.from = from;
        }

        @Override
        void take(long[] source, int offset) {
            System.arraycopy(source, offset, ids, from, count);
        }

        boolean waits() {
            return !done && !leads;
        }

        void wake() {
            LockSupport.unpark(thread);
        }
    }

    /** A taker, and what runs on its behalf. */
    static final class Told extends CommitRequest {

        final Executor executor;
        private final IdTaker taker;
        private long[] ids = {};

        /** The next one that is told on the same occasion. */
        @Nullable
        Told next;

        Told(int count, Deadline deadline, Executor executor, IdTaker taker) {
            super(count, deadline);
            this.executor = executor;
            this.taker = taker;
        }

        @Override
        void take(long[] source, int offset) {
            ids = Arrays.copyOfRange(source, offset, offset + count);
        }

        /** Tells the taker; what it throws is reported, since others are told after it. */
        void tell() {
            try {
                IdUnavailableException refusal = refusal();
                if (refusal == null) {
                    taker.issued(ids);
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
