package io.snowline.id;

import io.snowline.coordination.BatchReserver;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.EventLoop;
import io.snowline.coordination.Obstacle;
import io.snowline.coordination.Recorded;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.Tokens;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.TimeSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * One node id of a recorded generator: those who wait for it, and the round that serves them all.
 *
 * <p>Safe for use by many threads; the rounds come one after the other.
 */
final class RecordedNode {

    /** The most IDs that one round takes. */
    static final int LONGEST_ROUND = 16_384;

    private static final long[] NONE = {};
    private static final System.Logger LOG = System.getLogger(RecordedNode.class.getName());
    private static final Duration LOCK_EXPIRY = Duration.ofSeconds(10);
    private static final long SHORTEST_PAUSE_NANOS = 100_000;
    private static final long LONGEST_PAUSE_NANOS = 4_000_000;
    private static final long LONGEST_HOLD_NANOS = 50_000_000;
    private static final long LONGEST_HOLD_AMONG_OTHERS_NANOS = 5_000_000;
    private static final Duration LONGEST_IDLE = Duration.ofMillis(2);

    private final int node;
    private final IdLayout layout;
    private final DistributedLock lock;
    private final BatchReserver reserver;
    private final BatchWriter writer;
    private final TimeSource time;
    private final RandomGenerator random;
    private final Tokens tokens;
    private final EventLoop loop;
    private final Duration maxWait;
    private final CommitQueue queue;

    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile boolean closed;

    /** The token under which the lock is held, from round to round. Written by one thread at a time: the one that commits. */
    private volatile Optional<String> held = Optional.empty();

    private long heldSinceNanos;
    private long mayBeHeldNanos;
    private long usedNanos;

    /**
     * @param writer applies the step that reserves a batch, and records its IDs
     */
    RecordedNode(
            int node,
            IdLayout layout,
            DistributedLock lock,
            BatchReserver reserver,
            BatchWriter writer,
            TimeSource time,
            RandomGenerator random,
            EventLoop loop,
            Duration maxWait) {
        this.node = node;
        this.layout = layout;
        this.lock = lock;
        this.reserver = reserver;
        this.writer = writer;
        this.time = time;
        this.random = random;
        this.tokens = new Tokens(random);
        this.loop = loop;
        this.maxWait = maxWait;
        this.queue = new CommitQueue(time, LONGEST_ROUND, this::serve, this::idle);
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
    void fill(long[] ids, int from, int count) {
        queue.fill(ids, from, count, maxWait);
    }

    /** Unlocks, now or at the end of the round that is under way. */
    void close() {
        closed = true;
        idle();
    }

    /** Sees to it that a lock that is held is let go if nobody comes soon. */
    private void idle() {
        if (held.isEmpty()) {
            return;
        }
        if (closed) {
            queue.betweenCommits(this::unlock);
        } else if (watched.compareAndSet(false, true)) {
            loop.schedule(LONGEST_IDLE, this::letGo);
        }
    }

    private void letGo() {
        watched.set(false);
        queue.betweenCommits(() -> {
            if (time.monotonicNanos() - usedNanos >= LONGEST_IDLE.toNanos()) {
                unlock();
            }
        });
    }

    private void serve(List<CommitQueue.Request> requests) {
        try {
            round(requests);
        } catch (IdUnavailableException e) {
            unlock();
            requests.forEach(request -> request.fail(e));
        } catch (RuntimeException e) {
            unlock();
            if (!(e instanceof CoordinatorUnavailableException)) {
                LOG.log(Level.ERROR, "a round of recorded IDs failed unexpectedly", e);
            }
            // What was reserved or recorded is burnt: whether it was recorded is unknown, so it is never handed out.
            IdUnavailableException failure = IdUnavailableException.of(Obstacle.of(e), e);
            requests.forEach(request -> request.fail(failure));
        }
    }

    private void round(List<CommitQueue.Request> requests) {
        long deadline = time.monotonicNanos() + maxWait.toNanos();
        long[] ids =
                new long[requests.stream().mapToInt(CommitQueue.Request::count).sum()];
        lock(deadline);
        share(requests, ids, reserve(ids, deadline));
        usedNanos = time.monotonicNanos();
    }

    /**
     * Makes sure that the lock is held; gives it up once in a while, for long enough that others get it. Whoever had to wait
     * for it keeps it for a shorter time.
     */
    private void lock(long deadline) {
        if (held.isPresent() && time.monotonicNanos() - heldSinceNanos < mayBeHeldNanos) {
            return;
        }
        if (held.isPresent()) {
            unlock();
            time.parkNanos(LONGEST_PAUSE_NANOS);
        }
        String token = tokens.next();
        long pause = SHORTEST_PAUSE_NANOS;
        mayBeHeldNanos = LONGEST_HOLD_NANOS;
        while (!tryLock(token)) {
            mayBeHeldNanos = LONGEST_HOLD_AMONG_OTHERS_NANOS;
            if (time.monotonicNanos() - deadline >= 0) {
                throw new IdUnavailableException(
                        Reason.RATE_EXCEEDED,
                        Duration.ofMillis(100),
                        "the lock of node id %d was held by other processes for longer than maxWait %s"
                                .formatted(node, maxWait));
            }
            time.parkNanos(1 + random.nextLong(pause));
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
        held = Optional.of(token);
        heldSinceNanos = time.monotonicNanos();
    }

    private boolean tryLock(String token) {
        try {
            return lock.tryLock(token, LOCK_EXPIRY);
        } catch (CoordinatorUnavailableException e) {
            unlock(token); // it may be ours, and nobody would get it until it expired
            throw e;
        }
    }

    /** Fills an array with IDs that are reserved and recorded, and returns those that were recorded before. */
    private long[] reserve(long[] ids, long deadline) {
        while (true) {
            AtomicReference<long[]> refused = new AtomicReference<>(NONE);
            BatchReserver.Outcome outcome = reserver.reserve(node, ids.length, (first, step) -> {
                layout.idsAt(first, node, ids, 0, ids.length);
                Recorded recorded = writer.write(step, ids);
                refused.set(recorded.refused());
                return recorded.replaced();
            });
            if (outcome.obstacle().isEmpty()) {
                return refused.get();
            }
            Obstacle obstacle = outcome.obstacle().get();
            long wait = obstacle.retryAfter().toNanos();
            if (obstacle.kind() != Obstacle.Kind.WINDOW_AHEAD || time.monotonicNanos() + wait - deadline > 0) {
                throw IdUnavailableException.of(obstacle);
            }
            time.parkNanos(wait);
        }
    }

    private void unlock() {
        Optional<String> token = held;
        held = Optional.empty();
        token.ifPresent(this::unlock);
    }

    private void unlock(String token) {
        try {
            if (!lock.unlock(token)) {
                LOG.log(Level.DEBUG, () -> "the lock of node id " + node + " had expired before it was unlocked");
            }
        } catch (CoordinatorUnavailableException e) {
            LOG.log(Level.DEBUG, () -> "the lock of node id " + node + " stays until it expires", e);
        }
    }

    private static void share(List<CommitQueue.Request> requests, long[] ids, long[] refused) {
        Arrays.sort(refused);
        int next = 0;
        for (CommitQueue.Request request : requests) {
            int end = next + request.count();
            OptionalLong recorded = Arrays.stream(ids, next, end)
                    .filter(id -> Arrays.binarySearch(refused, id) >= 0)
                    .findFirst();
            if (recorded.isPresent()) {
                request.fail(alreadyRecorded(recorded.getAsLong()));
            } else {
                request.fill(ids, next);
            }
            next = end;
        }
    }

    private static IdUnavailableException alreadyRecorded(long id) {
        return new IdUnavailableException(
                Reason.LEDGER_REFUSED,
                Duration.ofMillis(1),
                "ID %d is in the ledger already, so somebody else issues IDs of this namespace; it was not handed out"
                        .formatted(id));
    }
}
