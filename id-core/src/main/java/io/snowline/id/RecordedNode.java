package io.snowline.id;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.lease.BatchReserver;
import io.snowline.lease.EventLoop;
import io.snowline.lease.LeaseStatus;
import io.snowline.lease.Obstacle;
import io.snowline.time.TimeSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One node id of a recorded generator, named by callers or the process's own: the requests that wait for it, and the
 * rounds that serve them together. One thread at a time talks to the backend, the committing one.
 *
 * <p>Thread-safe.
 */
final class RecordedNode {

    /** The most IDs that one round takes. */
    private static final int LONGEST_ROUND = 16_384;

    private static final System.Logger LOG = System.getLogger(RecordedNode.class.getName());
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_IDLE = Duration.ofMillis(2);
    private static final Duration UNLOCK_AGAIN = Duration.ofMillis(200);

    private final IdLayout layout;
    private final IntFunction<NodeLock> locks;
    private final BatchReserver reserver;
    private final Recorder recorder;
    private final TimeSource time;
    private final EventLoop loop;
    private final Duration maxWait;
    private final CommitQueue queue;

    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile boolean closed;

    // Written by the committing thread.
    private volatile @Nullable NodeLock lock;
    private volatile long usedNanos;

    /** What all node ids of a generator share. */
    record Shared(
            IdLayout layout, Recorder recorder, TimeSource time, EventLoop loop, Executor threads, Duration maxWait) {}

    /**
     * Creates a node id; nothing is requested yet.
     *
     * @param locks creates the lock of a node id
     */
    RecordedNode(Shared shared, BatchReserver reserver, IntFunction<NodeLock> locks) {
        this.layout = shared.layout();
        this.recorder = shared.recorder();
        this.time = shared.time();
        this.loop = shared.loop();
        this.maxWait = shared.maxWait();
        this.reserver = reserver;
        this.locks = locks;
        this.queue = new CommitQueue(time, shared.threads(), loop, LONGEST_ROUND, new CommitQueue.Work() {
            @Override
            public void commit() {
                serve();
            }

            @Override
            public void idle() {
                letGoSoon();
            }
        });
    }

    /** Returns the node id; empty while none is held. */
    OptionalInt node() {
        return reserver.node();
    }

    LeaseStatus status() {
        return reserver.status();
    }

    /**
     * Fills an array.
     *
     * @throws IdUnavailableException if not all of it can be filled safely now
     */
    void fill(long[] ids, Deadline deadline) {
        queue.fill(ids, deadline);
    }

    /** Passes IDs to a taker later. */
    void ask(int count, Deadline deadline, Executor executor, IdTaker taker) {
        queue.ask(count, deadline, executor, taker);
    }

    int waiting() {
        return queue.waiting();
    }

    /**
     * Contacts the coordinator while no round does; acquires a node id of this process's own, and keeps it from
     * lapsing.
     *
     * @param soon receives the delay until the next call, if that is sooner than usual
     */
    void look(Consumer<Duration> soon) {
        queue.betweenCommits(() -> {
            if (!closed) {
                try {
                    reserver.prepare().map(Obstacle::retryAfter).ifPresent(soon);
                } catch (RuntimeException | Error e) {
                    soon.accept(failed(e));
                }
            }
        });
    }

    /** Notes an unexpected failure (P12); returns the delay until the next call. */
    Duration failed(Throwable thrown) {
        return reserver.failed(thrown).retryAfter();
    }

    // ---- the lock between rounds ----

    /** Ensures that what is held is released if no request comes soon. */
    private void letGoSoon() {
        NodeLock held = lock;
        if (held != null && held.isInTheWay() && watched.compareAndSet(false, true)) {
            boolean scheduled = false;
            try {
                loop.schedule(held.owesAnUnlock() ? UNLOCK_AGAIN : LONGEST_IDLE, this::letGo);
                scheduled = true;
            } finally {
                if (!scheduled) {
                    watched.set(false); // the end of the next round tries again
                }
            }
        }
    }

    private void letGo() {
        watched.set(false);
        queue.betweenCommits(() -> {
            if (time.monotonicNanos() - usedNanos >= LONGEST_IDLE.toNanos()) {
                release();
            }
            letGoSoon();
        });
    }

    private void release() {
        NodeLock held = lock;
        if (held != null) {
            held.release();
        }
    }

    // ---- rounds ----

    private void serve() {
        try {
            if (hasNode() && holdsLock()) {
                round();
                usedNanos = time.monotonicNanos();
            }
        } catch (RuntimeException e) {
            if (!(e instanceof CoordinatorUnavailableException)) {
                LOG.log(Level.ERROR, "a round of recorded IDs failed unexpectedly", e);
            }
            // What was reserved or recorded is lost: whether it was recorded is unknown, so it is never handed out.
            release();
            queue.refuse(IdUnavailableException.of(Obstacle.of(e), e));
        }
    }

    /** Ensures that there is a node id; if there is none, waiting requests are told the obstacle. */
    private boolean hasNode() {
        if (reserver.node().isPresent()) {
            return true;
        }
        Optional<Obstacle> obstacle = reserver.prepare();
        obstacle.ifPresent(inTheWay -> {
            queue.take();
            obstructed(inTheWay);
        });
        return obstacle.isEmpty();
    }

    /** Waits for the lock, as long as requests wait for it. */
    private boolean holdsLock() {
        int node = reserver.node().orElseThrow();
        NodeLock mine = lock;
        if (mine == null || mine.node() != node) {
            release();
            mine = locks.apply(node);
            lock = mine;
        }
        while (!mine.hold()) {
            if (!queue.await(mine.pauseNanos(), () -> heldByOthers(node))) {
                return false;
            }
        }
        return true;
    }

    private IdUnavailableException heldByOthers(int node) {
        return CommitQueue.late("the lock of node id %s was held by other processes for longer than maxWait %s"
                .formatted(node, maxWait));
    }

    private void round() {
        CommitBatch batch = queue.take();
        if (batch.requests.isEmpty()) {
            return;
        }
        long[] ids = new long[batch.share()];
        BatchReserver.Outcome outcome = reserver.reserve(ids.length, (step, reserved) -> {
            layout.idsAt(reserved.start(), reserved.node(), ids, 0, ids.length);
            return recorder.write(step, ids);
        });
        outcome.obstacle().ifPresentOrElse(this::obstructed, () -> share(batch, ids, outcome.refused()));
    }

    /** Refuses the requests taken, except that those that can wait until the obstacle is gone are retried. */
    private void obstructed(Obstacle obstacle) {
        IdUnavailableException why = IdUnavailableException.of(obstacle);
        long wait = obstacle.retryAfter().toNanos();
        boolean passes = obstacle.kind() == Obstacle.Kind.WINDOW_AHEAD || obstacle.kind() == Obstacle.Kind.STARTING;
        if (!passes || wait >= LONGEST_IDLE.toNanos()) {
            release();
        }
        queue.putBack(request -> passes && request.deadline.remainingNanos() >= wait, why);
        if (passes) {
            // Asked again soon in any case: the coordinator's clock, by which the wait was computed, may have been
            // wrong.
            var unused = queue.await(Math.min(wait, LONGEST_WAIT.toNanos()), () -> why);
        }
    }

    private static void share(CommitBatch batch, long[] ids, long[] refused) {
        Arrays.sort(refused);
        int next = 0;
        for (CommitRequest request : batch.requests) {
            int end = next + request.share();
            OptionalLong recorded = refused.length == 0 ? OptionalLong.empty() : firstOf(refused, ids, next, end);
            if (recorded.isPresent()) {
                request.refuse(alreadyRecorded(recorded.getAsLong()));
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
                "ID %s is in the ledger already, so IDs of this namespace are issued elsewhere as well; it was not handed out"
                        .formatted(id));
    }

    // ---- closing ----

    /** Refuses waiting requests and all that come. */
    void close() {
        closed = true;
        queue.close();
    }

    /** Waits until the round under way is over; IDs that it yields later are refused. */
    void awaitEnd(long nanos) throws InterruptedException {
        queue.awaitEnd(nanos);
    }

    /**
     * Tells whether the calling thread is in the middle of a round, as a listener's is if it is notified during one.
     */
    boolean isServedHere() {
        return queue.isServedHere();
    }

    /**
     * Unlocks and releases a node id of the process's own, after {@link #close}: now, or at the end of the round under
     * way.
     */
    void giveBack() {
        queue.betweenCommits(() -> {
            release();
            reserver.release();
        });
    }
}
