package io.snowline.id;

import io.snowline.id.CommitRequest.Caller;
import io.snowline.id.CommitRequest.Told;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests that wait at the same moment share one commit. A request is a caller, whose thread is parked meanwhile, or a
 * taker, which is told later. The first request leads: its thread, or one of the taker's executor, commits for all that wait,
 * and then hands the lead on to a request that has come meanwhile. There is no thread of its own.
 *
 * <p>Thread-safe. The lock guards the queue for a few instructions; callers wait without it, parked after some microseconds.
 */
final class CommitQueue {

    /*
     *    enter --> WAITING --taken into a batch--> TAKEN --end of the commit--> DONE: filled or failed
     *                 |  ^-------put back------------'                            ^
     *                 '---its deadline, its thread's interrupt, close-------------' failed
     *
     * Under the lock it always holds that
     *  - `led` is true as long as one thread leads, or is named to lead and has not begun. Who ends a lead names the next
     *    leader or clears `led`, whatever was thrown;
     *  - a request is in `waiting`, or in the batch of the one commit that is under way, or done;
     *  - `unfinished` counts the requests that were taken and are not done: close() waits until there are none.
     *
     * A request becomes done in a locked step, in which `sealed` is looked at: nothing is handed out once a close is over.
     * Nothing is allocated from the end of a commit until its callers are woken, so that an OutOfMemoryError leaves none of
     * them parked. A leader that goes on wakes one caller, and that one the others: it becomes done after them, or else it
     * could wake them too early, and nothing would do so again.
     */

    private static final int TIMES_GIVING_WAY = 20;
    private static final long LONGEST_PARK_NANOS = 50_000_000;
    private static final long LONGEST_LEAD_NANOS = 1_000_000;
    private static final Duration SOON = Duration.ofMillis(100);

    private final TimeSource time;
    private final int longestCommit;
    private final Work work;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition allFinished = lock.newCondition();

    // Guarded by the lock.
    private final Deque<CommitRequest> waiting = new ArrayDeque<>();
    private boolean led;
    private @Nullable Thread leader;
    private boolean closed;
    private boolean sealed;
    private int unfinished;
    private Supplier<IdUnavailableException> whenLate = CommitQueue::noTurn;

    /** What is done for those that wait, by one thread at a time: the leader. */
    interface Work {

        /**
         * Takes a batch of those that wait, and fills or fails each, or puts it back; there may be none left to take. Runs
         * again while requests wait.
         */
        void commit(Lead lead);

        /** Runs after a lead behind which nothing waits; another one may have begun meanwhile. */
        void idle();
    }

    /**
     * Makes a queue.
     *
     * @param longestCommit how many IDs one commit takes at most, unless a single request is for more
     */
    CommitQueue(TimeSource time, int longestCommit, Work work) {
        this.time = time;
        this.longestCommit = longestCommit;
        this.work = work;
    }

    // ---- requests ----

    /**
     * Fills a part of an array by a commit, which is shared with the requests that wait at the same moment.
     *
     * @param deadline until when its turn must have come; a commit that has begun is waited for to its end
     * @throws IdUnavailableException if the commit failed, its turn did not come in time, or this queue is closed
     */
    void fill(long[] ids, int from, int count, Deadline deadline) {
        Caller request = new Caller(ids, from, count, deadline);
        boolean leads = enter(request);
        while (leads || !request.done) {
            if (leads) {
                lead(new Lead(request, null));
            } else {
                await(request);
            }
            leads = request.leads;
            request.leads = false;
        }
        if (request.wakesOthers) {
            wakeAll(request.next);
        }
        IdUnavailableException refusal = request.refusal();
        if (refusal != null) {
            throw refusal;
        }
    }

    /**
     * Has a taker told the IDs of a commit, without waiting for them.
     *
     * @param executor runs the commit, and tells the taker
     */
    void ask(int count, Deadline deadline, Executor executor, IdTaker taker) {
        Told request = new Told(count, deadline, executor, taker);
        if (enter(request)) {
            startLead(request);
        } else if (request.done) {
            tellElsewhere(request);
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

    /** Puts a request in the queue, unless that is closed; tells whether it is to lead. */
    private boolean enter(CommitRequest request) {
        lock.lock();
        try {
            if (closed) {
                request.closed = true;
                request.done = true;
                return false;
            }
            waiting.add(request);
            return becomeLed();
        } finally {
            lock.unlock();
        }
    }

    /** Tells whether nothing led until now. Under the lock. */
    private boolean becomeLed() {
        boolean free = !led;
        led = true;
        return free;
    }

    /** Waits until a request is done or has the lead. */
    private void await(Caller request) {
        boolean interrupted = false;
        giveWay(request);
        while (request.waits()) {
            long remaining = request.deadline.remainingNanos();
            if ((remaining <= 0 || interrupted) && leave(request, interrupted)) {
                break;
            }
            park(request, remaining);
            interrupted |= Thread.interrupted(); // parking is impossible while it is set
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void park(Caller request, long remaining) {
        if (remaining > 0) {
            request.deadline.park(Math.min(remaining, LONGEST_PARK_NANOS));
        } else {
            time.parkNanos(LONGEST_PARK_NANOS); // its commit is under way
        }
    }

    /**
     * Lets other threads run before this one parks. Where many call, they have enough to do, and the commit is over sooner
     * than the kernel would have put this thread to sleep and woken it again; where few do, it is a matter of microseconds.
     */
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on when, or whether, the scheduler comes back
    private static void giveWay(Caller request) {
        for (int i = 0; i < TIMES_GIVING_WAY && request.waits(); i++) {
            Thread.yield();
        }
    }

    /** Takes a request back whose turn has not come; does nothing if it is being committed, or has the lead. */
    private boolean leave(Caller request, boolean interrupted) {
        lock.lock();
        try {
            if (request.leads || !waiting.remove(request)) {
                return false;
            }
            refuse(request, interrupted ? CommitQueue::interrupted : whenLate);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a request that was taken out of the queue. Under the lock. */
    private static void refuse(CommitRequest request, Supplier<IdUnavailableException> why) {
        request.fail(why.get());
        request.done = true;
    }

    private static IdUnavailableException noTurn() {
        return late("the turn of this request did not come within maxWait");
    }

    private static IdUnavailableException interrupted() {
        return late("the thread was interrupted while it waited for the turn of its request");
    }

    /** Makes the refusal of a request that has waited for too long. */
    static IdUnavailableException late(String detail) {
        return new IdUnavailableException(Reason.RATE_EXCEEDED, SOON, detail);
    }

    // ---- the lead ----

    /** What commits work with during one thread's lead. For that thread alone. */
    final class Lead {

        /** The leader's own request; null on a thread of an executor. */
        private final @Nullable Caller own;

        private final @Nullable Executor executor;
        private final long begunNanos = time.monotonicNanos();
        private final Interrupts interrupts = new Interrupts();
        private List<CommitRequest> batch = List.of();

        /** The callers, apart from the leader, and the takers of the commit that has ended. */
        private @Nullable Caller callers;

        private @Nullable Told told;

        private Lead(@Nullable Caller own, @Nullable Executor executor) {
            this.own = own;
            this.executor = executor;
        }

        /** Returns what keeps interrupts off this thread while it leads. */
        Interrupts interrupts() {
            return interrupts;
        }

        /** Takes the next requests out of the queue, up to the longest commit, and refuses those that came too late. */
        List<CommitRequest> take() {
            ToldChain late = new ToldChain();
            lock.lock();
            try {
                int count = batchSize(late);
                List<CommitRequest> taken = new ArrayList<>(count); // before anything is moved: there may be no memory
                for (int i = 0; i < count; i++) {
                    CommitRequest request = waiting.remove();
                    request.taken = true;
                    taken.add(request);
                }
                unfinished += count;
                whenLate = CommitQueue::noTurn;
                batch = taken;
            } finally {
                lock.unlock();
                tellElsewhere(late.first);
            }
            return batch;
        }

        /** Fails what was taken, or else what is next. */
        void fail(IdUnavailableException why) {
            failUnless(request -> false, why);
        }

        /** Fails what was taken, or else what is next, apart from some. */
        void failUnless(Predicate<CommitRequest> excepted, IdUnavailableException why) {
            List<CommitRequest> concerned = batch.isEmpty() ? take() : batch;
            for (CommitRequest request : concerned) {
                if (!excepted.test(request)) {
                    request.fail(why);
                }
            }
        }

        /** Puts those of the batch that have not failed back at the head of the queue. */
        void putBack() {
            lock.lock();
            try {
                for (int i = batch.size() - 1; i >= 0 && !closed; i--) {
                    CommitRequest request = batch.get(i);
                    if (!request.failed()) {
                        waiting.addFirst(request);
                        request.taken = false;
                        unfinished--;
                        batch.remove(i);
                    }
                }
            } finally {
                lock.unlock();
            }
        }

        /**
         * Lets time pass while requests wait, and refuses those whose time is over.
         *
         * @param nanos how long, at most
         * @param why what requests are told whose time is over
         * @return whether to go on: requests wait, and this thread may still lead
         */
        boolean await(long nanos, Supplier<IdUnavailableException> why) {
            Deadline next = next(why);
            if (next != null) {
                next.park(nanos);
            }
            boolean interrupted = interrupts.take();
            if (own != null && (interrupted || own.deadline.remainingNanos() <= 0)) {
                var unused = leave(own, interrupted);
            }
            return next(why) != null;
        }

        /** Refuses those whose time is over, and returns the deadline that comes next; null if this lead is over. */
        private @Nullable Deadline next(Supplier<IdUnavailableException> why) {
            ToldChain late = new ToldChain();
            Deadline next;
            lock.lock();
            try {
                whenLate = why;
                next = own != null && own.done ? null : nextDeadline(own, late);
            } finally {
                lock.unlock();
                tellElsewhere(late.first);
            }
            return next;
        }

        /** Ends the requests of a commit; tells whether this lead goes on. Under the lock. */
        private boolean settle(boolean wentWell) {
            if (own != null) {
                settleOwn(own, wentWell);
            }
            boolean goesOn = wentWell && !waiting.isEmpty() && mayGoOn();
            for (int i = batch.size() - 1; i >= 0; i--) {
                CommitRequest request = batch.get(i);
                if (request instanceof Told one) {
                    one.next = told;
                    told = one;
                } else if (request instanceof Caller one && one != own) {
                    one.next = callers;
                    decideFirst(false);
                    callers = one;
                }
            }
            decideFirst(goesOn);
            batch = List.of();
            return goesOn;
        }

        private void settleOwn(Caller mine, boolean wentWell) {
            if (mine.taken) {
                decide(mine);
            } else if (!wentWell) {
                waiting.remove(mine); // its thread gets what was thrown
            }
        }

        private boolean mayGoOn() {
            return own == null || !own.done || time.monotonicNanos() - begunNanos < LONGEST_LEAD_NANOS;
        }

        private void decideFirst(boolean wakesOthers) {
            if (callers != null) {
                callers.wakesOthers = wakesOthers;
                decide(callers);
            }
        }

        /** Wakes and tells those of the commit that has ended. */
        private void announce(boolean goesOn) {
            Caller first = callers;
            Told firstTold = told;
            callers = null;
            told = null;
            if (first != null && goesOn) {
                first.wake();
            } else {
                wakeAll(first);
            }
            if (goesOn || firstTold == null || !firstTold.executor.equals(executor)) {
                tellElsewhere(firstTold);
            } else {
                tellElsewhere(cutWhereTheExecutorChanges(firstTold));
                tellAll(firstTold);
            }
        }
    }

    /** Runs commits as long as requests wait, but on a caller's thread only for a while; then hands the lead on. */
    private void lead(Lead lead) {
        lead.interrupts.take();
        try {
            boolean goesOn = beginLead();
            while (goesOn) {
                goesOn = commit(lead);
            }
        } finally {
            lead.interrupts.giveBack();
        }
    }

    /** Tells whether there is anything to lead for; if there is not, the lead is over. */
    private boolean beginLead() {
        lock.lock();
        try {
            leader = Thread.currentThread();
            if (!waiting.isEmpty()) {
                return true;
            }
            var unused = endLead();
        } finally {
            lock.unlock();
        }
        work.idle();
        return false;
    }

    private boolean commit(Lead lead) {
        boolean wentWell = false;
        boolean goesOn;
        try {
            work.commit(lead);
            wentWell = true;
        } finally {
            goesOn = finish(lead, wentWell);
        }
        return goesOn;
    }

    private boolean finish(Lead lead, boolean wentWell) {
        boolean goesOn;
        CommitRequest heir;
        lock.lock();
        try {
            goesOn = lead.settle(wentWell);
            heir = goesOn ? null : endLead();
        } finally {
            lock.unlock();
        }
        startLead(heir); // at once: the next commit goes on its way while those of this one are woken
        lead.announce(goesOn);
        if (!goesOn && heir == null) {
            work.idle();
        }
        return goesOn;
    }

    /** Ends a lead, and returns the request that is to lead next, if there is one. Under the lock. */
    private @Nullable CommitRequest endLead() {
        CommitRequest heir = waiting.peek();
        led = heir != null;
        leader = null;
        if (heir instanceof Caller caller) {
            caller.leads = true;
        }
        return heir;
    }

    private void startLead(@Nullable CommitRequest heir) {
        if (heir instanceof Caller caller) {
            caller.wake();
        } else if (heir instanceof Told told) {
            startLeadElsewhere(told);
        }
    }

    private void startLeadElsewhere(Told heir) {
        try {
            heir.executor.execute(() -> lead(new Lead(null, heir.executor)));
        } catch (RuntimeException | Error e) { // there is no thread for it; the others must not wait for one
            refuseWithoutThread(heir, e);
        }
    }

    private void refuseWithoutThread(Told heir, Throwable why) {
        boolean refused;
        lock.lock();
        try {
            refused = waiting.remove(heir); // unless this queue was closed meanwhile
            if (refused) {
                refuse(heir, () -> noThread(why));
            }
        } finally {
            lock.unlock();
        }
        handOver();
        if (refused) {
            heir.tell();
        }
    }

    private static IdUnavailableException noThread(Throwable why) {
        boolean stopping = why instanceof RejectedExecutionException;
        return new IdUnavailableException(
                stopping ? Reason.CLOSED : Reason.RATE_EXCEEDED,
                stopping ? Duration.ZERO : SOON,
                "no thread could be had to issue it: " + why,
                why);
    }

    /** Runs a task between two commits, unless there is a commit under way, or another task; tells whether it ran. */
    boolean betweenCommits(Consumer<Interrupts> task) {
        lock.lock();
        try {
            if (!becomeLed()) {
                return false;
            }
            leader = Thread.currentThread();
        } finally {
            lock.unlock();
        }
        Interrupts interrupts = new Interrupts();
        interrupts.take();
        try {
            task.accept(interrupts);
        } finally {
            handOver();
            interrupts.giveBack();
        }
        return true;
    }

    private void handOver() {
        CommitRequest heir;
        lock.lock();
        try {
            heir = endLead();
        } finally {
            lock.unlock();
        }
        startLead(heir);
        if (heir == null) {
            work.idle();
        }
    }

    // ---- batches and deadlines, all under the lock ----

    /** Returns how many of those that wait are in the next batch, and refuses the takers among them that are late. */
    private int batchSize(ToldChain late) {
        int count = 0;
        long total = 0;
        for (Iterator<CommitRequest> all = waiting.iterator(); all.hasNext(); ) {
            CommitRequest request = all.next();
            if (!refusedAsLate(request, all, late)) {
                total += request.count;
                if (count > 0 && total > longestCommit) {
                    return count;
                }
                count++;
            }
        }
        return count;
    }

    /**
     * Returns the deadline that comes next, if anything waits, and refuses the takers that are late. Deadlines of other callers
     * do not count: their threads keep them.
     */
    private @Nullable Deadline nextDeadline(@Nullable Caller own, ToldChain late) {
        Deadline next = own == null ? null : own.deadline;
        for (Iterator<CommitRequest> all = waiting.iterator(); all.hasNext(); ) {
            CommitRequest request = all.next();
            if (request instanceof Told told && !refusedAsLate(told, all, late) && comesBefore(told.deadline, next)) {
                next = told.deadline;
            }
        }
        return waiting.isEmpty() ? null : next == null ? new Deadline(time, LONGEST_PARK_NANOS) : next;
    }

    private static boolean comesBefore(Deadline one, @Nullable Deadline other) {
        return other == null || one.remainingNanos() < other.remainingNanos();
    }

    private boolean refusedAsLate(CommitRequest request, Iterator<CommitRequest> among, ToldChain late) {
        if (request instanceof Told told && told.deadline.remainingNanos() <= 0) {
            among.remove();
            refuse(told, whenLate);
            late.add(told);
            return true;
        }
        return false;
    }

    /** Decides what becomes of a request that was taken. */
    private void decide(CommitRequest request) {
        request.taken = false;
        request.closed = sealed;
        request.done = true;
        unfinished--;
        if (unfinished == 0) {
            allFinished.signalAll();
        }
    }

    // ---- waking and telling ----

    private static void wakeAll(@Nullable Caller first) {
        for (Caller caller = first; caller != null; caller = caller.next) {
            caller.wake();
        }
    }

    /** Has takers told by their executors, or here if those take no more tasks. */
    private void tellElsewhere(@Nullable Told first) {
        Told rest = first;
        while (rest != null) {
            Told begin = rest;
            rest = cutWhereTheExecutorChanges(begin);
            try {
                begin.executor.execute(() -> tellAll(begin));
            } catch (RuntimeException | Error e) { // also for lack of memory: they must not wait for ever
                tellAll(begin);
            }
        }
    }

    private static @Nullable Told cutWhereTheExecutorChanges(Told first) {
        Told last = first;
        while (last.next != null && last.next.executor.equals(first.executor)) {
            last = last.next;
        }
        Told rest = last.next;
        last.next = null;
        return rest;
    }

    private void tellAll(@Nullable Told first) {
        for (Told told = first; told != null; told = told.next) {
            decideOnce(told);
            told.tell();
        }
    }

    private void decideOnce(Told told) {
        lock.lock();
        try {
            if (!told.done) {
                decide(told);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takers that are told one after the other. */
    private static final class ToldChain {
        private @Nullable Told first;
        private @Nullable Told last;

        void add(Told told) {
            if (last == null) {
                first = told;
            } else {
                last.next = told;
            }
            last = told;
        }
    }

    // ---- closing ----

    /** Refuses what waits, and whatever comes from now on. A commit that is under way goes on. */
    void close() {
        ToldChain refused = new ToldChain();
        Caller callers = null;
        lock.lock();
        try {
            closed = true;
            for (CommitRequest request : waiting) {
                request.closed = true;
                request.done = true;
                if (request instanceof Told told) {
                    refused.add(told);
                } else if (request instanceof Caller caller) {
                    caller.next = callers;
                    callers = caller;
                }
            }
            waiting.clear();
        } finally {
            lock.unlock();
        }
        wakeAll(callers);
        tellElsewhere(refused.first);
    }

    /**
     * Waits, after {@link #close}, until all that was taken is done. What is not done in time is refused when it comes; the
     * leader does not wait for itself.
     */
    void awaitFinished(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = isLeader() ? 0 : nanos;
            while (unfinished > 0 && left > 0) {
                left = allFinished.awaitNanos(left);
            }
        } finally {
            sealed = true;
            lock.unlock();
        }
    }

    /** Tells whether the calling thread leads. */
    boolean isLedHere() {
        lock.lock();
        try {
            return isLeader();
        } finally {
            lock.unlock();
        }
    }

    private boolean isLeader() {
        return Thread.currentThread().equals(leader);
    }
}
