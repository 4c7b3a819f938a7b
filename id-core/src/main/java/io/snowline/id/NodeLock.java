package io.snowline.id;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.lease.Tokens;
import io.snowline.time.TimeSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a node id, as held by the rounds of one process: from round to round as long as no other process wants
 * it, and by turns with the others if any do.
 *
 * <p>Not thread-safe: one thread uses it at a time, the one that commits.
 */
final class NodeLock {

    /*
     * Two locks of the backend: the node id's own (main), and one that tells which process is next.
     *
     *   FREE --main lock--> HELD
     *    |                   |  each share: is another next?  no: continues; yes: unlocks, and --> QUEUED
     *    '--refused--> QUEUED --next lock--> NEXT --main lock, then unlocks next--> HELD
     *
     * A process that has given way, or was refused, tries the main lock only once it is next, and keeps the next lock
     * until it has the main one. So whatever the scheduler does, a process that is next cannot be overtaken by those
     * that held the lock before or queue behind it; only by one that newly arrives and happens to find the lock free.
     * The process that is next gets the lock one share and one round later, plus the time it takes to notice.
     *
     * A process that dies while it is next would keep all others waiting. So the next lock expires soon, and a process
     * that has queued for longer than PATIENCE also tries the main lock.
     */

    /**
     * How long a process holds the lock while others want it, and how often it checks whether any does: on a backend
     * that is slow to pass the lock on, {@link #HANDOVERS} times as long as that took, up to the longest share.
     */
    static final Duration SHORTEST_SHARE = Duration.ofMillis(20);

    private static final Duration LONGEST_SHARE = Duration.ofMillis(150);
    private static final int HANDOVERS = 5;

    /** How long a process queues before it no longer relies on the next one to make progress. */
    static final Duration PATIENCE = Duration.ofMillis(500);

    private static final System.Logger LOG = System.getLogger(NodeLock.class.getName());
    private static final Duration EXPIRY = Duration.ofSeconds(10);
    private static final Duration NEXT_EXPIRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(5);
    private static final long SHORTEST_PAUSE_NANOS = 100_000;
    private static final long LONGEST_PAUSE_NANOS = 2_000_000;

    private final int node;
    private final DistributedLock main;
    private final DistributedLock next;
    private final TimeSource time;
    private final RandomGenerator random;
    private final Tokens tokens;

    /** The tokens under which the two locks are held; null while they are not. */
    private volatile @Nullable String held;

    private volatile @Nullable String heldNext;

    /** Locks that may still be held, because the outcome of their unlock is unknown. */
    private final Queue<Unlock> unknown = new ConcurrentLinkedQueue<>();

    private long heldSinceNanos;
    private long shareNanos = SHORTEST_SHARE.toNanos();
    private long lookedNanos;
    private long nextSinceNanos;
    private long queuedSinceNanos;
    private boolean queued;
    private long longestPauseNanos = SHORTEST_PAUSE_NANOS;

    /** An unlock, and when the lock expires without it. */
    private record Unlock(DistributedLock lock, String token, long expiresNanos) {}

    /**
     * Creates a lock that is not held.
     *
     * @param locks returns the backend's lock of a name
     */
    NodeLock(int node, Function<String, DistributedLock> locks, TimeSource time, RandomGenerator random) {
        this.node = node;
        this.main = locks.apply("node-" + node);
        this.next = locks.apply("node-" + node + ".next");
        this.time = time;
        this.random = random;
        this.tokens = new Tokens(random);
    }

    int node() {
        return node;
    }

    /** Tells whether something is held that other processes may wait for. */
    boolean isInTheWay() {
        return held != null || heldNext != null || owesAnUnlock();
    }

    /** Tells whether an unlock must be tried again. */
    boolean owesAnUnlock() {
        return !unknown.isEmpty();
    }

    /**
     * Ensures that the lock is held, if that takes no waiting.
     *
     * @return whether it is held; if not, try again after {@link #pauseNanos}
     * @throws CoordinatorUnavailableException if that is unknown; the lock then counts as not held
     */
    boolean hold() {
        long now = time.monotonicNanos();
        if (held != null && now - lookedNanos < shareNanos) {
            return true;
        }
        if (held != null) {
            lookedNanos = now;
            boolean wanted = next.isHeld();
            if (!wanted && now - heldSinceNanos < LONGEST_HOLD.toNanos()) {
                return true;
            }
            release();
            if (wanted) {
                queue(now);
            }
        }
        return take(now);
    }

    private void queue(long now) {
        queued = true;
        queuedSinceNanos = now;
        longestPauseNanos = SHORTEST_PAUSE_NANOS;
    }

    private boolean take(long now) {
        settleUnlocks();
        if (mayTry(now)) {
            String token = tokens.next();
            long tried = time.monotonicNanos();
            if (tryLock(main, token, EXPIRY)) {
                held = token;
                queued = false;
                leaveNext();
                heldSinceNanos = time.monotonicNanos();
                lookedNanos = heldSinceNanos;
                shareNanos = Math.max(
                        SHORTEST_SHARE.toNanos(),
                        Math.min(LONGEST_SHARE.toNanos(), HANDOVERS * (heldSinceNanos - tried)));
                return true;
            }
        }
        if (queued) {
            longestPauseNanos = Math.min(2 * longestPauseNanos, LONGEST_PAUSE_NANOS);
        } else {
            queue(now);
        }
        return false;
    }

    /** Tells whether this process may try the main lock now; one that is queued must become the next first. */
    private boolean mayTry(long now) {
        if (heldNext != null && now - nextSinceNanos >= NEXT_EXPIRY.toNanos()) {
            leaveNext();
        }
        if (queued && heldNext == null) {
            String token = tokens.next();
            if (tryLock(next, token, NEXT_EXPIRY)) {
                heldNext = token;
                nextSinceNanos = now;
                longestPauseNanos = SHORTEST_PAUSE_NANOS;
            }
        }
        return !queued || heldNext != null || now - queuedSinceNanos >= PATIENCE.toNanos();
    }

    /** Returns how long to wait before the next attempt to take the lock. */
    long pauseNanos() {
        return 1 + random.nextLong(longestPauseNanos);
    }

    /**
     * Unlocks everything held; an unlock that failed because the coordinator did not answer is retried by the next
     * call.
     */
    void release() {
        try {
            settleUnlocks();
        } catch (CoordinatorUnavailableException e) {
            LOG.log(Level.DEBUG, "an unlock is tried again later", e);
        }
        String token = held;
        held = null;
        if (token != null) {
            unlock(main, token, EXPIRY);
        }
        queued = false;
        leaveNext();
    }

    private void leaveNext() {
        String token = heldNext;
        heldNext = null;
        if (token != null) {
            unlock(next, token, NEXT_EXPIRY);
        }
    }

    private boolean tryLock(DistributedLock lock, String token, Duration expiry) {
        try {
            return lock.tryLock(token, expiry);
        } catch (CoordinatorUnavailableException e) {
            unlock(lock, token, expiry); // it may be ours, and no process could take it until it expired
            throw e;
        }
    }

    private void unlock(DistributedLock lock, String token, Duration expiry) {
        try {
            if (!lock.unlock(token)) {
                LOG.log(Level.DEBUG, () -> lock + " was not unlocked: it had expired");
            }
        } catch (CoordinatorUnavailableException e) {
            LOG.log(Level.DEBUG, () -> "whether " + lock + " was unlocked is unknown; it is tried again", e);
            unknown.add(new Unlock(lock, token, time.monotonicNanos() + expiry.toNanos()));
        }
    }

    private void settleUnlocks() {
        for (Unlock unlock = unknown.peek(); unlock != null; unlock = unknown.peek()) {
            if (time.monotonicNanos() - unlock.expiresNanos < 0) {
                var unused = unlock.lock.unlock(unlock.token);
            }
            unknown.remove();
        }
    }
}
