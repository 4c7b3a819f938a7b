package io.snowline.id;

import io.snowline.coordination.BatchReserver;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.EventLoop;
import io.snowline.coordination.Obstacle;
import io.snowline.coordination.Recorded;
import io.snowline.coordination.Replacement;
import io.snowline.id.CommitQueue.Lead;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.TimeSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One node id of a recorded generator: those who wait for it, and the round that serves them all.
 *
 * <p>Thread-safe; the rounds come one after the other.
 */
final class RecordedNode {

    /** The most IDs that one round takes. */
    static final int LONGEST_ROUND = 16_384;

    private static final long[] NONE = {};
    private static final System.Logger LOG = System.getLogger(RecordedNode.class.getName());
    private static final Duration LONGEST_IDLE = Duration.ofMillis(2);

    private final int node;
    private final IdLayout layout;
    private final NodeLock lock;
    private final BatchReserver reserver;
    private final BatchWriter writer;
    private final TimeSource time;
    private final EventLoop loop;
    private final Duration maxWait;
    private final CommitQueue queue;

    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile boolean closed;

    /** When the lock was of use last. Written by one thread at a time: the one that commits. */
    private volatile long usedNanos;

    /**
     * @param writer applies the step that reserves a batch, and records its IDs
     */
    RecordedNode(
            int node,
            IdLayout layout,
            NodeLock lock,
            BatchReserver reserver,
            BatchWriter writer,
            TimeSource time,
            EventLoop loop,
            Duration maxWait) {
        this.node = node;
        this.layout = layout;
        this.lock = lock;
        this.reserver = reserver;
        this.writer = writer;
        this.time = time;
        this.loop = loop;
        this.maxWait = maxWait;
        this.queue = new CommitQueue(time, LONGEST_ROUND, new CommitQueue.Work() {
            @Override
            public void commit(Lead lead) {
                serve(lead);
            }

            @Override
            public void idle() {
                letGoSoon();
            }
        });
    }

    /** Applies the step that reserves a batch and, if it was applied, records the batch's IDs. */
    interface BatchWriter {
        Recorded write(Replacement step, long[] ids);
    }

    /**
     * Fills a part of an array.
     *
     * @throws IdUnavailableException if not all of it can be filled safely now
     */
    void fill(long[] ids, int from, int count, Deadline deadline) {
        queue.fill(ids, from, count, deadline);
    }

    /** Has a taker told of IDs. */
    void ask(int count, Deadline deadline, Executor executor, IdTaker taker) {
        queue.ask(count, deadline, executor, taker);
    }

    int waiting() {
        return queue.waiting();
    }

    // ---- the lock between rounds ----

    /** Sees to it that a lock that is held is let go if nothing comes soon. */
    private void letGoSoon() {
        if (!lock.isHeld()) {
            return;
        }
        if (closed) {
            queue.betweenCommits(lock::release);
        } else if (watched.compareAndSet(false, true)) {
            loop.schedule(LONGEST_IDLE, this::letGo);
        }
    }

    private void letGo() {
        watched.set(false);
        queue.betweenCommits(interrupts -> {
            if (time.monotonicNanos() - usedNanos >= LONGEST_IDLE.toNanos()) {
                lock.release(interrupts);
            }
        });
    }

    // ---- rounds ----

    private void serve(Lead lead) {
        try {
            if (lock(lead)) {
                round(lead);
                usedNanos = time.monotonicNanos();
            }
        } catch (RuntimeException e) {
            if (!(e instanceof CoordinatorUnavailableException)) {
                LOG.log(Level.ERROR, "a round of recorded IDs failed unexpectedly", e);
            }
            // What was reserved or recorded is burnt: whether it was recorded is unknown, so it is never handed out.
            lock.release(lead.interrupts());
            lead.fail(IdUnavailableException.of(Obstacle.of(e), e));
        }
    }

    /** Waits for the lock; tells whether it is held. */
    private boolean lock(Lead lead) {
        while (!lock.hold(lead.interrupts())) {
            if (!lead.await(lock.pauseNanos(), this::heldByOthers)) {
                return false;
            }
        }
        return true;
    }

    private IdUnavailableException heldByOthers() {
        return CommitQueue.late("the lock of node id %d was held by other processes for longer than maxWait %s"
                .formatted(node, maxWait));
    }

    private void round(Lead lead) {
        List<CommitRequest> requests = lead.take();
        if (requests.isEmpty()) {
            return;
        }
        long[] ids =
                new long[requests.stream().mapToInt(request -> request.count).sum()];
        AtomicReference<long[]> refused = new AtomicReference<>(NONE);
        BatchReserver.Outcome outcome = reserve(ids, refused, lead);
        if (outcome.obstacle().isPresent()) {
            obstructed(outcome.obstacle().get(), requests, lead);
        } else {
            share(requests, ids, refused.get());
        }
    }

    /** Fills an array with IDs that are reserved and recorded. What an interrupt of this thread has broken off is tried again. */
    private BatchReserver.Outcome reserve(long[] ids, AtomicReference<long[]> refused, Lead lead) {
        BatchReserver.Outcome outcome = reserveOnce(ids, refused);
        for (int i = 1; i < Interrupts.ATTEMPTS && isBrokenOff(outcome); i++) {
            if (!lead.interrupts().take()) {
                return outcome;
            }
            outcome = reserveOnce(ids, refused);
        }
        return outcome;
    }

    private static boolean isBrokenOff(BatchReserver.Outcome outcome) {
        return outcome.obstacle()
                .filter(obstacle -> obstacle.kind() == Obstacle.Kind.COORDINATOR_UNAVAILABLE)
                .isPresent();
    }

    private BatchReserver.Outcome reserveOnce(long[] ids, AtomicReference<long[]> refused) {
        return reserver.reserve(node, ids.length, (first, step) -> {
            layout.idsAt(first, node, ids, 0, ids.length);
            Recorded recorded = writer.write(step, ids);
            refused.set(recorded.refused());
            return recorded.replaced();
        });
    }

    /** Fails the requests, but for those that can wait until the obstacle is gone. */
    private void obstructed(Obstacle obstacle, List<CommitRequest> requests, Lead lead) {
        IdUnavailableException why = IdUnavailableException.of(obstacle);
        long wait = obstacle.retryAfter().toNanos();
        boolean passes = obstacle.kind() == Obstacle.Kind.WINDOW_AHEAD;
        if (!passes || wait >= LONGEST_IDLE.toNanos()) {
            lock.release(lead.interrupts());
        }
        for (CommitRequest request : requests) {
            if (!passes || request.deadline.remainingNanos() < wait) {
                request.fail(why);
            }
        }
        if (passes) {
            lead.putBack();
            var unused = lead.await(wait, () -> why);
        }
    }

    private static void share(List<CommitRequest> requests, long[] ids, long[] refused) {
        Arrays.sort(refused);
        int next = 0;
        for (CommitRequest request : requests) {
            int end = next + request.count;
            OptionalLong recorded = refused.length == 0 ? OptionalLong.empty() : firstOf(refused, ids, next, end);
            if (recorded.isPresent()) {
                request.fail(alreadyRecorded(recorded.getAsLong()));
            } else {
                request.fill(ids, next);
            }
            next = end;
        }
    }

    private static OptionalLong firstOf(long[] refused, long[] ids, int from, int to) {
        return Arrays.stream(ids, from, to)
                .filter(id -> Arrays.binarySearch(refused, id) >= 0)
                .findFirst();
    }

    private static IdUnavailableException alreadyRecorded(long id) {
        return new IdUnavailableException(
                Reason.LEDGER_REFUSED,
                Duration.ofMillis(1),
                "ID %d is in the ledger already, so IDs of this namespace are issued elsewhere as well; it was not handed out"
                        .formatted(id));
    }

    // ---- closing ----

    /** Refuses those that wait and those that come. */
    void close() {
        closed = true;
        queue.close();
    }

    /** Waits until the round that is under way is over; what it brings later is refused. */
    void awaitFinished(long nanos) throws InterruptedException {
        queue.awaitFinished(nanos);
    }

    /** Tells whether the calling thread is in the middle of a round, as a listener is that hears of it. */
    boolean isServedHere() {
        return queue.isLedHere();
    }

    /** Unlocks after {@link #close}: now, or at the end of the round that is under way. */
    void giveBack() {
        letGoSoon();
    }
}
