package io.snowline.id;

import io.snowline.coordination.BatchReserver;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.EventLoop;
import io.snowline.coordination.LeaseStatus;
import io.snowline.coordination.Obstacle;
import io.snowline.id.CommitQueue.Lead;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.TimeSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One node id of a recorded generator, named by callers or its own: the requests that wait for it, and the rounds that serve
 * them together. What is read and written of the backend is so by one thread at a time, the one that leads.
 *
 * <p>Thread-safe.
 */
final class RecordedNode {

    /** The most IDs that one round takes. */
    static final int LONGEST_ROUND = 16_384;

    private static final System.Logger LOG = System.getLogger(RecordedNode.class.getName());
    private static final Duration LONGEST_IDLE = Duration.ofMillis(2);

    private final IdLayout layout;
    private final IntFunction<NodeLock> locks;
    private final BatchReserver reserver;
    private final Recorder recorder;
    private final TimeSource time;
    private final EventLoop loop;
    private final Duration maxWait;
    private final CommitQueue queue;

    private final AtomicBoolean watched = new AtomicBoolean();
    private final AtomicBoolean givenBack = new AtomicBoolean();
    private volatile boolean closed;

    // Written by one thread at a time: the one that leads.
    private volatile @Nullable NodeLock lock;
    private volatile long usedNanos;

    /** What all node ids of a generator share. */
    record Shared(IdLayout layout, Recorder recorder, TimeSource time, EventLoop loop, Duration maxWait) {}

    /**
     * Makes a node id that has asked nothing yet.
     *
     * @param locks makes the lock of a node id
     */
    RecordedNode(Shared shared, BatchReserver reserver, IntFunction<NodeLock> locks) {
        this.layout = shared.layout();
        this.recorder = shared.recorder();
        this.time = shared.time();
        this.loop = shared.loop();
        this.maxWait = shared.maxWait();
        this.reserver = reserver;
        this.locks = locks;
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

    /** Returns the node id; empty while none is held. */
    OptionalInt node() {
        return reserver.node();
    }

    LeaseStatus status() {
        return reserver.status();
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

    /**
     * Looks at the coordinator while no round does; takes a node id of this process' own, and keeps it from lapsing.
     *
     * @return when to look again
     */
    Duration look(Duration usual) {
        AtomicReference<Duration> next = new AtomicReference<>(usual);
        queue.betweenCommits(interrupts -> {
            if (!closed) {
                reserver.prepare().ifPresent(obstacle -> next.set(obstacle.retryAfter()));
            }
        });
        return next.get();
    }

    // ---- the lock between rounds ----

    /** Sees to it that what is held is let go if nothing comes soon. */
    private void letGoSoon() {
        NodeLock held = lock;
        if (closed) {
            giveBack();
        } else if (held != null && held.isInTheWay() && watched.compareAndSet(false, true)) {
            loop.schedule(LONGEST_IDLE, this::letGo);
        }
    }

    private void letGo() {
        watched.set(false);
        queue.betweenCommits(interrupts -> {
            if (time.monotonicNanos() - usedNanos >= LONGEST_IDLE.toNanos()) {
                release(interrupts);
            }
        });
    }

    private void release(Interrupts interrupts) {
        NodeLock held = lock;
        if (held != null) {
            held.release(interrupts);
        }
    }

    // ---- rounds ----

    private void serve(Lead lead) {
        try {
            if (hasNode(lead) && lock(lead)) {
                round(lead);
                usedNanos = time.monotonicNanos();
            }
        } catch (RuntimeException e) {
            if (!(e instanceof CoordinatorUnavailableException)) {
                LOG.log(Level.ERROR, "a round of recorded IDs failed unexpectedly", e);
            }
            // What was reserved or recorded is burnt: whether it was recorded is unknown, so it is never handed out.
            release(lead.interrupts());
            lead.fail(IdUnavailableException.of(Obstacle.of(e), e));
        }
    }

    /** Makes sure that there is a node id; tells whether there is. What is in the way is told to those that wait. */
    private boolean hasNode(Lead lead) {
        if (reserver.node().isPresent()) {
            return true;
        }
        Optional<Obstacle> obstacle = undisturbed(reserver::prepare, Optional::stream, lead);
        obstacle.ifPresent(inTheWay -> obstructed(inTheWay, lead));
        return obstacle.isEmpty();
    }

    /** Waits for the lock; tells whether it is held. */
    private boolean lock(Lead lead) {
        int node = reserver.node().orElseThrow();
        NodeLock mine = lock;
        if (mine == null || mine.node() != node) {
            release(lead.interrupts());
            mine = locks.apply(node);
            lock = mine;
        }
        while (!mine.hold(lead.interrupts())) {
            if (!lead.await(mine.pauseNanos(), () -> heldByOthers(node))) {
                return false;
            }
        }
        return true;
    }

    private IdUnavailableException heldByOthers(int node) {
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
        BatchReserver.Outcome outcome = undisturbed(() -> reserve(ids), reserved -> reserved.obstacle().stream(), lead);
        if (outcome.obstacle().isPresent()) {
            obstructed(outcome.obstacle().get(), lead);
        } else {
            share(requests, ids, outcome.refused());
        }
    }

    /** Fills an array with IDs that are reserved and recorded. */
    private BatchReserver.Outcome reserve(long[] ids) {
        return reserver.reserve(ids.length, (step, batch) -> {
            layout.idsAt(batch.start(), batch.node(), ids, 0, ids.length);
            return recorder.write(step, ids);
        });
    }

    /** Asks the coordinator, and again where an interrupt of this thread has broken that off. */
    private static <T> T undisturbed(Supplier<T> request, Function<T, Stream<Obstacle>> obstacles, Lead lead) {
        T answer = request.get();
        for (int i = 1; i < Interrupts.ATTEMPTS; i++) {
            boolean brokenOff = obstacles
                    .apply(answer)
                    .anyMatch(obstacle -> obstacle.kind() == Obstacle.Kind.COORDINATOR_UNAVAILABLE);
            if (!brokenOff || !lead.interrupts().take()) {
                return answer;
            }
            answer = request.get();
        }
        return answer;
    }

    /** Fails those that were taken, or else are next; but not those that can wait until the obstacle is gone. */
    private void obstructed(Obstacle obstacle, Lead lead) {
        IdUnavailableException why = IdUnavailableException.of(obstacle);
        long wait = obstacle.retryAfter().toNanos();
        boolean passes = obstacle.kind() == Obstacle.Kind.WINDOW_AHEAD || obstacle.kind() == Obstacle.Kind.STARTING;
        if (!passes || wait >= LONGEST_IDLE.toNanos()) {
            release(lead.interrupts());
        }
        lead.failUnless(request -> passes && request.deadline.remainingNanos() >= wait, why);
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

    /** Unlocks and gives a node id of one's own back, after {@link #close}: now, or at the end of the round that is under way. */
    void giveBack() {
        boolean held = lock != null || reserver.node().isPresent();
        if (held && !givenBack.get()) {
            queue.betweenCommits(interrupts -> {
                if (givenBack.compareAndSet(false, true)) {
                    release(interrupts);
                    reserver.release();
                }
            });
        }
    }
}
