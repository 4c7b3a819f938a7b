package io.snowline.id;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.snowline.id.CommitRequest.Caller;
import io.snowline.id.CommitRequest.Told;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.lease.EventLoop;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests that wait at the same moment share one commit. A request comes from a caller, whose thread waits, or
 * from a taker, which is told later. One thread at a time commits; it is taken from an executor when the first request
 * comes and returned when none is left. It is never a caller's, so that an interrupt or a timeout of one caller affects
 * no other.
 *
 * <p>Thread-safe.
 */
final class CommitQueue {

    private static final int TIMES_GIVING_WAY = 20;
    private static final long LONGEST_PARK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final Duration SOON = Duration.ofMillis(100);

    private final TimeSource time;
    private final Executor threads;
    private final EventLoop timers;
    private final int longestCommit;
    private final Work work;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition allDone = lock.newCondition();

    @GuardedBy("lock")
    private final Deque<CommitRequest> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean serving;

    @GuardedBy("lock")
    private boolean watching;

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private boolean sealed;

    @GuardedBy("lock")
    private int undone;

    /** The thread that commits, or that runs a task; null while there is none. */
    private volatile @Nullable Thread server;

    private volatile Supplier<IdUnavailableException> whenLate = CommitQueue::noTurn;

    /** The batch of the commit under way. Written only by the committing thread, under the lock. */
    private CommitBatch batch = CommitBatch.NONE;

    /** The work that is done for the waiting requests. */
    interface Work {

        /** Takes a batch and fills or refuses it, or refuses the next requests; called again while requests wait. */
        void commit();

        /** Runs after the last commit for now; another thread may have begun the next one meanwhile. */
        void idle();
    }

    /**
     * Creates a queue.
     *
     * @param threads runs whatever may block
     * @param timers refuses takers whose time is up
     * @param longestCommit the most IDs that one commit takes; a request for more takes several
     */
    CommitQueue(TimeSource time, Executor threads, EventLoop timers, int longestCommit, Work work) {
        this.time = time;
        this.threads = threads;
        this.timers = timers;
        this.longestCommit = longestCommit;
        this.work = work;
    }

    // ---- requests ----

    /**
     * Fills an array.
     *
     * @param deadline how long to wait; IDs that a commit yields later are lost
     * @throws IdUnavailableException if a commit failed or did not finish in time, or if this queue is closed
     */
    void fill(long[] ids, Deadline deadline) {
        Caller request = new Caller(ids.length, deadline);
        if (enter(request)) {
            await(request);
            request.wakeOthers();
        }
        IdUnavailableException refusal = request.refusal();
        if (refusal != null) {
            throw refusal;
        }
        System.arraycopy(request.ids(), 0, ids, 0, ids.length);
    }

    /**
     * Passes IDs to a taker later, without waiting for them.
     *
     * @param executor calls the taker; if no thread is available for the commit, the calling thread does
     */
    void ask(int count, Deadline deadline, Executor executor, IdTaker taker) {
        Told request = new Told(count, deadline, executor, taker);
        if (enter(request)) {
            watchTakers();
        } else {
            tellHere(List.of(request));
        }
    }

    /** Returns how many requests wait for their turn; for tests. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Queues a request, and ensures that a thread serves it; if that is impossible, the request is refused. */
    private boolean enter(CommitRequest request) {
        boolean starts;
        lock.lock();
        try {
            undone++;
            if (closed) {
                refuse(request, CommitQueue::closed);
                return false;
            }
            waiting.add(request);
            starts = !serving;
            serving = true;
        } finally {
            lock.unlock();
        }
        return !starts || startServing(request);
    }

    /** Starts a thread that serves; returns whether that succeeded, otherwise the request was refused. */
    private boolean startServing(CommitRequest request) {
        try {
            startServing();
            return true;
        } catch (RuntimeException | Error e) { // no thread is available; the next request tries again
            return !leave(request, () -> noThread(e));
        }
    }

    private void startServing() {
        boolean started = false;
        try {
            threads.execute(this::serve);
            started = true;
        } finally {
            if (!started) {
                stopServing();
            }
        }
    }

    private void stopServing() {
        lock.lock();
        try {
            serving = false;
            server = null;
        } finally {
            lock.unlock();
        }
    }

    private void await(Caller request) {
        boolean interrupted = false;
        giveWay(request);
        while (!request.done) {
            if (interrupted && leave(request, CommitQueue::interrupted)) {
                break;
            }
            if (request.isLate()) {
                refuseLate();
            } else {
                request.deadline.park(LONGEST_PARK_NANOS);
            }
            interrupted |= Thread.interrupted(); // parking is impossible while it is set
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Yields to other threads before parking. With many callers, those threads have enough to do, and the commit is
     * over sooner than the kernel would have put this thread to sleep and woken it again; with few, yielding takes
     * microseconds.
     */
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on when, or whether, the scheduler comes back
    private static void giveWay(Caller request) {
        for (int i = 0; i < TIMES_GIVING_WAY && !request.done; i++) {
            Thread.yield();
        }
    }

    /**
     * Refuses a request whose turn has not come; returns whether it did, since a commit may already have the request.
     */
    private boolean leave(CommitRequest request, Supplier<IdUnavailableException> why) {
        lock.lock();
        try {
            if (!waiting.remove(request)) {
                return false;
            }
            refuse(request, why);
            return true;
        } finally {
            lock.unlock();
        }
    }

    // ---- late requests ----

    /**
     * Ensures that takers are refused in time even while a call to the coordinator hangs, since no thread of theirs
     * waits.
     */
    private void watchTakers() {
        Duration first;
        lock.lock();
        try {
            Deadline next = watching ? null : nextTakersDeadline();
            if (next == null) {
                return;
            }
            watching = true;
            first = Duration.ofNanos(Math.max(1, next.remainingNanos()));
        } finally {
            lock.unlock();
        }
        boolean scheduled = false;
        try {
            timers.schedule(first, this::refuseLateTakers);
            scheduled = true;
        } finally {
            if (!scheduled) {
                stopWatching(); // the next taker tries again
            }
        }
    }

    @GuardedBy("lock")
    private @Nullable Deadline nextTakersDeadline() {
        return Stream.concat(batch.requests.stream(), waiting.stream())
                .filter(request -> request instanceof Told && request.isOpen())
                .map(request -> request.deadline)
                .findFirst() // among takers, the first to arrive is the first to be late
                .orElse(null);
    }

    private void refuseLateTakers() {
        stopWatching();
        refuseLate();
        watchTakers();
    }

    private void stopWatching() {
        lock.lock();
        try {
            watching = false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Refuses late requests: those that wait for their turn, and those in the commit that must not wait for its end.
     */
    private void refuseLate() {
        CommitBatch late = new CommitBatch();
        lock.lock();
        try {
            for (Iterator<CommitRequest> all = waiting.iterator(); all.hasNext(); ) {
                CommitRequest request = all.next();
                if (request.isLate()) {
                    late.requests.add(request);
                    all.remove();
                    refuse(request, whenLate);
                }
            }
            for (CommitRequest request : batch.requests) {
                if (!request.done && request.isLate()) {
                    late.requests.add(request);
                    refuse(request, CommitQueue::noEnd);
                }
            }
        } finally {
            lock.unlock();
        }
        late.wakeAll();
        tell(late.requests);
    }

    private static IdUnavailableException noTurn() {
        return late("the turn of this request did not come within maxWait");
    }

    private static IdUnavailableException noEnd() {
        return new IdUnavailableException(
                Reason.COORDINATOR_UNAVAILABLE, SOON, "the coordinator did not answer this request within maxWait");
    }

    private static IdUnavailableException interrupted() {
        return late("the thread was interrupted while it waited for the turn of its request");
    }

    /** Returns the refusal of a request that has waited for too long. */
    static IdUnavailableException late(String detail) {
        return new IdUnavailableException(Reason.RATE_EXCEEDED, SOON, detail);
    }

    private static IdUnavailableException closed() {
        return new IdUnavailableException(Reason.CLOSED, Duration.ZERO, "the generator was closed");
    }

    private static IdUnavailableException noThread(Throwable why) {
        return new IdUnavailableException(Reason.RATE_EXCEEDED, SOON, "no thread could be had for it: " + why, why);
    }

    // ---- the committing thread ----

    private void serve() {
        server = Thread.currentThread();
        boolean over = false;
        try {
            while (serveNext()) {
                var unused = Thread.interrupted(); // whatever it was meant for, it was not the next commit
            }
            over = true;
        } finally {
            if (!over) {
                handOver(); // whatever was thrown ends this thread, but not the service (P12)
            }
        }
        work.idle();
    }

    /** Runs a task, or a commit; returns whether there was anything to do. */
    private boolean serveNext() {
        Runnable task;
        lock.lock();
        try {
            task = tasks.poll();
            if (task == null && waiting.isEmpty()) {
                serving = false;
                server = null;
                return false;
            }
        } finally {
            lock.unlock();
        }
        if (task == null) {
            commit();
        } else {
            task.run();
        }
        return true;
    }

    private void commit() {
        boolean wentWell = false;
        try {
            work.commit();
            wentWell = true;
        } finally {
            if (!wentWell && batch.requests.isEmpty()) {
                take(); // they are refused; otherwise they would be retried without a pause
            }
            finish();
        }
    }

    /** Takes the next requests, up to the longest commit. For the committing thread. */
    CommitBatch take() {
        refuseLate();
        lock.lock();
        try {
            batch = new CommitBatch();
            whenLate = CommitQueue::noTurn;
            int room = longestCommit;
            for (CommitRequest request = waiting.peek(); request != null; request = waiting.peek()) {
                int share = Math.min(request.missing(), longestCommit);
                if (share > room) {
                    break;
                }
                batch.add(request, share);
                waiting.remove();
                room -= share;
            }
        } finally {
            lock.unlock();
        }
        return batch;
    }

    /** Refuses the requests taken, or otherwise the next ones. For the committing thread. */
    void refuse(IdUnavailableException why) {
        CommitBatch concerned = batch.requests.isEmpty() ? take() : batch;
        concerned.requests.forEach(request -> request.refuse(why));
    }

    /**
     * Puts the requests taken back, in their order, and refuses those that cannot wait now. For the committing thread.
     */
    void putBack(Predicate<CommitRequest> canWait, IdUnavailableException why) {
        batch.requests.stream().filter(canWait.negate()).forEach(request -> request.refuse(why));
        lock.lock();
        try {
            requeue(CommitRequest::isOpen);
        } finally {
            lock.unlock();
        }
        finish();
    }

    private void finish() {
        boolean goesOn;
        CommitBatch ended = batch;
        lock.lock();
        try {
            requeue(CommitRequest::goesOn);
            for (CommitRequest request : ended.requests) {
                if (request instanceof Caller) {
                    end(request); // a taker ends when it is told
                }
            }
            goesOn = !waiting.isEmpty();
        } finally {
            batch = CommitBatch.NONE;
            lock.unlock();
        }
        ended.wake(goesOn);
        tell(ended.requests);
    }

    /** Moves some of the batch to the head of the queue, unless the queue is closed. */
    @GuardedBy("lock")
    private void requeue(Predicate<CommitRequest> which) {
        for (int i = batch.requests.size() - 1; i >= 0 && !closed; i--) {
            CommitRequest request = batch.requests.get(i);
            if (which.test(request)) {
                batch.requests.remove(i);
                request.join(CommitBatch.NONE, 0);
                waiting.addFirst(request);
            }
        }
    }

    /**
     * Waits. For the committing thread.
     *
     * @param why the refusal for requests whose time runs out meanwhile
     * @return whether requests wait
     */
    boolean await(long nanos, Supplier<IdUnavailableException> why) {
        whenLate = why;
        new Deadline(time, nanos).park(nanos);
        refuseLate();
        return waiting() > 0;
    }

    /** Runs a task while nothing is committed: on this thread, or after the commit under way. */
    void betweenCommits(Runnable task) {
        lock.lock();
        try {
            if (serving) {
                tasks.add(task);
                LockSupport.unpark(server); // it may be waiting
                return;
            }
            serving = true;
            server = Thread.currentThread();
        } finally {
            lock.unlock();
        }
        try {
            task.run();
        } finally {
            handOver();
        }
    }

    private void handOver() {
        lock.lock();
        try {
            server = null;
            serving = !waiting.isEmpty() || !tasks.isEmpty();
            if (!serving) {
                return;
            }
        } finally {
            lock.unlock();
        }
        startServing();
    }

    /** Tells whether the calling thread is the committing one, as a listener's is if it is notified during a commit. */
    boolean isServedHere() {
        return Thread.currentThread().equals(server);
    }

    // ---- ends ----

    /** Notes why a request gets nothing. */
    @GuardedBy("lock")
    private void refuse(CommitRequest request, Supplier<IdUnavailableException> why) {
        if (request.isOpen()) {
            request.refuse(why.get());
        }
        if (request instanceof Caller) {
            end(request); // a taker ends when it is told
        }
    }

    /** Settles the outcome of a request: nothing is handed out once closing is complete. */
    @GuardedBy("lock")
    private void end(CommitRequest request) {
        if (request.done) {
            return;
        }
        if (sealed) {
            request.refuse(closed());
        }
        request.done = true;
        undone--;
        if (undone == 0) {
            allDone.signalAll();
        }
    }

    /** Calls the takers among some requests on their executors, or here if those accept no more tasks. */
    private void tell(List<CommitRequest> requests) {
        try {
            requests.stream()
                    .flatMap(request -> request instanceof Told told ? Stream.of(told) : Stream.empty())
                    .collect(Collectors.groupingBy(told -> told.executor))
                    .forEach((executor, told) -> executor.execute(() -> tellHere(told)));
        } catch (RuntimeException | Error e) {
            tellHere(requests);
        }
    }

    private void tellHere(List<? extends CommitRequest> requests) {
        for (CommitRequest request : requests) {
            if (request instanceof Told told && endNow(told)) {
                told.tell();
            }
        }
    }

    /** Ends a request; returns whether it had not ended before. */
    private boolean endNow(CommitRequest request) {
        lock.lock();
        try {
            if (request.done) {
                return false;
            }
            end(request);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses the waiting requests, and all that come from now on. A commit under way continues. */
    void close() {
        CommitBatch refused = new CommitBatch();
        lock.lock();
        try {
            closed = true;
            for (CommitRequest request : waiting) {
                refused.requests.add(request);
                refuse(request, CommitQueue::closed);
            }
            waiting.clear();
            LockSupport.unpark(server); // it may be waiting for the lock of a node id
        } finally {
            lock.unlock();
        }
        refused.wakeAll();
        tell(refused.requests);
    }

    /**
     * Waits, after {@link #close}, until all requests have ended. Those that have not are refused when they do; the
     * committing thread does not wait for itself.
     */
    void awaitEnd(long nanos) throws InterruptedException {
        lock.lock();
        try {
            awaitNoneUndone(isServedHere() ? 0 : nanos);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void awaitNoneUndone(long nanos) throws InterruptedException {
        try {
            long left = nanos;
            while (undone > 0 && left > 0) {
                left = allDone.awaitNanos(left);
            }
        } finally {
            sealed = true;
        }
    }
}
