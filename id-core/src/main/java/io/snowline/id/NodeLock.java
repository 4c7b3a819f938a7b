package io.snowline.id;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.Tokens;
import io.snowline.time.TimeSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a node id, as the rounds of one process hold it: from round to round, and given up once in a while, for long
 * enough that others get it. Who had to wait for it keeps it for a shorter time.
 *
 * <p>Not thread-safe: one thread uses it at a time, the one that leads.
 */
final class NodeLock {

    private static final System.Logger LOG = System.getLogger(NodeLock.class.getName());
    private static final Duration EXPIRY = Duration.ofSeconds(10);
    private static final long SHORTEST_PAUSE_NANOS = 100_000;
    private static final long LONGEST_PAUSE_NANOS = 4_000_000;
    private static final long LONGEST_HOLD_NANOS = 50_000_000;
    private static final long LONGEST_HOLD_AMONG_OTHERS_NANOS = 5_000_000;

    private final int node;
    private final DistributedLock lock;
    private final TimeSource time;
    private final RandomGenerator random;
    private final Tokens tokens;

    /** The token under which it is held; null while it is not. */
    private volatile @Nullable String held;

    private long heldSinceNanos;
    private long mayBeHeldNanos;
    private long longestPauseNanos = SHORTEST_PAUSE_NANOS;
    private boolean waited;
    private boolean gaveUp;

    NodeLock(int node, DistributedLock lock, TimeSource time, RandomGenerator random) {
        this.node = node;
        this.lock = lock;
        this.time = time;
        this.random = random;
        this.tokens = new Tokens(random);
    }

    int node() {
        return node;
    }

    boolean isHeld() {
        return held != null;
    }

    /**
     * Makes sure that it is held, if that needs no waiting.
     *
     * @return whether it is held; if not, it is worth trying again after {@link #pauseNanos}
     * @throws CoordinatorUnavailableException if that is unknown; then it is not held
     */
    boolean hold(Interrupts interrupts) {
        if (held != null && time.monotonicNanos() - heldSinceNanos < mayBeHeldNanos) {
            return true;
        }
        if (held != null) {
            release(interrupts);
            gaveUp = true;
            return false;
        }
        gaveUp = false;
        return take(interrupts);
    }

    private boolean take(Interrupts interrupts) {
        String token = tokens.next();
        if (!tryLock(token, interrupts)) {
            waited = true;
            longestPauseNanos = Math.min(2 * longestPauseNanos, LONGEST_PAUSE_NANOS);
            return false;
        }
        held = token;
        heldSinceNanos = time.monotonicNanos();
        mayBeHeldNanos = waited ? LONGEST_HOLD_AMONG_OTHERS_NANOS : LONGEST_HOLD_NANOS;
        waited = false;
        longestPauseNanos = SHORTEST_PAUSE_NANOS;
        return true;
    }

    /** Returns how long to wait before the next attempt to hold it. */
    long pauseNanos() {
        return gaveUp ? LONGEST_PAUSE_NANOS : 1 + random.nextLong(longestPauseNanos);
    }

    /** Frees it, if it is held. */
    void release(Interrupts interrupts) {
        String token = held;
        held = null;
        if (token != null) {
            unlock(token, interrupts);
        }
    }

    private boolean tryLock(String token, Interrupts interrupts) {
        for (int attempt = 1; ; attempt++) {
            try {
                return lock.tryLock(token, EXPIRY);
            } catch (CoordinatorUnavailableException e) {
                boolean interrupted = interrupts.take();
                unlock(token, interrupts); // it may be ours, and nothing would get it until it expired
                if (!interrupted || attempt == Interrupts.ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void unlock(String token, Interrupts interrupts) {
        interrupts.take();
        boolean unlocked = tryUnlock(token);
        if (!unlocked && interrupts.take()) {
            unlocked = tryUnlock(token);
        }
        if (!unlocked) {
            LOG.log(
                    Level.DEBUG,
                    () -> "the lock of node id " + node + " was not unlocked: it had expired, or stays until it does");
        }
    }

    private boolean tryUnlock(String token) {
        try {
            return lock.unlock(token);
        } catch (CoordinatorUnavailableException e) {
            LOG.log(Level.DEBUG, () -> "whether the lock of " + node + " was unlocked is unknown", e);
            return false;
        }
    }
}
