package io.snowline.id;

import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers that wait at the same moment share one commit. The first caller leads: it commits for everybody who waits,
 * itself included, and then hands the lead to one of those who have come meanwhile. There is no thread of its own.
 *
 * <p>Safe for use by many threads. The lock guards the queue for a few instructions; callers wait without it, parked after
 * some microseconds.
 */
final class CommitQueue {

    private static final int TIMES_GIVING_WAY = 20;
    private static final long LONGEST_PARK_NANOS = 50_000_000;
    private static final long LONGEST_LEAD_NANOS = 1_000_000;
    private static final Duration SOON = Duration.ofMillis(100);

    private final TimeSource time;
    private final int longestCommit;
    private final Consumer<List<Request>> commit;
    private final Runnable idle;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Deque<Request> waiting = new ArrayDeque<>();
    private boolean led;

    /**
     * @param longestCommit how many IDs one commit takes at most, unless a single request is for more
     * @param commit fills or fails each request; called by one thread at a time
     * @param idle runs after a commit or task behind which nobody waits; another may have begun meanwhile
     */
    CommitQueue(TimeSource time, int longestCommit, Consumer<List<Request>> commit, Runnable idle) {
        this.time = time;
        this.longestCommit = longestCommit;
        this.commit = commit;
        this.idle = idle;
    }

    /** A caller's part of a commit. */
    static final class Request {
        private final long[] ids;
        private final int from;
        private final int count;
        private final Thread caller = Thread.currentThread();
        private List<Request> wakes = List.of();
        private volatile boolean leads;
        private volatile boolean done;
        private volatile boolean filled;
        private volatile @Nullable IdUnavailableException failure;

        Request(long[] ids, int from, int count) {
            this.ids = ids;
            this.from = from;
            this.count = count;
        }

        int count() {
            return count;
        }

        /** Hands the IDs from an offset on to the caller. */
        void fill(long[] source, int offset) {
            System.arraycopy(source, offset, ids, from, count);
            filled = true;
        }

        void fail(IdUnavailableException why) {
            failure = why;
        }

        private boolean waits() {
            return !done && !leads;
        }

        private void settle() {
            if (!filled && failure == null) {
                failure = new IdUnavailableException(
                        Reason.COORDINATOR_UNAVAILABLE, SOON, "the commit of this request broke off half-way");
            }
            done = true;
        }

        private void wake() {
            LockSupport.unpark(caller);
        }

        private void lead() {
            leads = true;
            wake();
        }
    }

    /**
     * Fills a part of an array by a commit, which is shared with whoever else is waiting.
     *
     * @param maxWait how long to wait for one's turn; a commit that has begun is waited for to its end
     * @throws IdUnavailableException if the commit failed, or one's turn did not come in time
     */
    void fill(long[] ids, int from, int count, Duration maxWait) {
        Request request = new Request(ids, from, count);
        if (enter(request)) {
            lead();
        } else {
            await(request, maxWait);
        }
        IdUnavailableException failure = request.failure;
        if (failure != null) {
            throw failure;
        }
    }

    /** Returns how many wait for their turn; for tests. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean enter(Request request) {
        lock.lock();
        try {
            waiting.add(request);
            return becomeLeader();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Commits for those who wait, the caller first, and for a while for those who have come meanwhile; then hands the lead
     * over: also after an error of the virtual machine.
     */
    private void lead() {
        long begun = time.monotonicNanos();
        boolean leads = true;
        while (leads) {
            List<Request> batch = take();
            boolean stays = false;
            try {
                commit.accept(batch);
                stays = time.monotonicNanos() - begun < LONGEST_LEAD_NANOS;
            } finally {
                leads = stays && someoneWaits();
                boolean goesOn =
                        leads || handOver(); // at once: the next commit goes on its way while these callers are woken
                finish(batch, leads);
                idleUnless(goesOn);
            }
        }
    }

    /** Ends the requests of a commit; a leader who stays leaves it to the first of the callers to wake the others. */
    private static void finish(List<Request> batch, boolean leaderStays) {
        List<Request> others = batch.stream()
                .filter(request -> request.caller != Thread.currentThread())
                .toList();
        if (leaderStays && !others.isEmpty()) {
            others.get(0).wakes = others.subList(1, others.size());
        }
        batch.forEach(Request::settle);
        if (leaderStays) {
            others.stream().limit(1).forEach(Request::wake);
        } else {
            others.forEach(Request::wake);
        }
    }

    /** Runs a task between two commits, unless there is a commit under way, or another task. */
    void betweenCommits(Runnable task) {
        if (!becomeLeader()) {
            return;
        }
        try {
            task.run();
        } finally {
            idleUnless(handOver());
        }
    }

    private void idleUnless(boolean goesOn) {
        if (!goesOn) {
            idle.run();
        }
    }

    private boolean becomeLeader() {
        lock.lock();
        try {
            boolean free = !led;
            led = true;
            return free;
        } finally {
            lock.unlock();
        }
    }

    private List<Request> take() {
        lock.lock();
        try {
            List<Request> batch = new ArrayList<>();
            long total = 0;
            while (!waiting.isEmpty() && (batch.isEmpty() || total + waiting.peek().count <= longestCommit)) {
                Request next = waiting.remove();
                total += next.count;
                batch.add(next);
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private boolean someoneWaits() {
        lock.lock();
        try {
            return !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Gives the lead to one who waits; tells whether there is one. */
    private boolean handOver() {
        lock.lock();
        try {
            Request next = waiting.peek();
            led = next != null;
            if (next != null) {
                next.lead();
            }
            return led;
        } finally {
            lock.unlock();
        }
    }

    private void await(Request request, Duration maxWait) {
        long deadline = time.monotonicNanos() + maxWait.toNanos();
        boolean interrupted = false;
        giveWay(request);
        while (request.waits()) {
            long remaining = deadline - time.monotonicNanos();
            if ((remaining <= 0 || interrupted) && leave(request)) {
                break;
            }
            time.parkNanos(Math.min(Math.max(remaining, 1_000_000), LONGEST_PARK_NANOS));
            interrupted |= Thread.interrupted(); // parking is impossible while it is set
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (request.leads && !request.done) {
            lead();
        }
        request.wakes.forEach(Request::wake);
    }

    /**
     * Lets other threads run before this one parks. Where many call, they have enough to do, and the commit is over sooner
     * than the kernel would have put this thread to sleep and woken it again; where few do, it is a matter of microseconds.
     */
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on when, or whether, the scheduler comes back
    private static void giveWay(Request request) {
        for (int i = 0; i < TIMES_GIVING_WAY && request.waits(); i++) {
            Thread.yield();
        }
    }

    /** Takes a request back whose turn has not come; does nothing if it is being committed, or has the lead. */
    private boolean leave(Request request) {
        lock.lock();
        try {
            if (request.leads || !waiting.remove(request)) {
                return false;
            }
            request.fail(new IdUnavailableException(
                    Reason.RATE_EXCEEDED,
                    SOON,
                    "the turn of this request did not come within maxWait, or its thread was interrupted"));
            return true;
        } finally {
            lock.unlock();
        }
    }
}
