package io.snowline.coordination.etcd;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.snowline.coordination.CoordinatorUnavailableException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keeps a ledger below its bound. Counting is expensive, so it is done only after a tenth of the free room is used up,
 * or after ten seconds: up to ten processes together do not exceed the bound by much.
 *
 * <p>Thread-safe.
 */
final class LedgerBound {

    private static final Duration COUNT_EVERY = Duration.ofSeconds(10);
    private static final int SHARE = 10;

    private final long most;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private long counted;

    @GuardedBy("lock")
    private long allowance;

    @GuardedBy("lock")
    private long countedNanos;

    LedgerBound(long most) {
        this.most = most;
    }

    /**
     * Makes sure that there is room.
     *
     * @param ledger the ledger's name in messages
     * @param count counts the entries
     * @throws CoordinatorUnavailableException if there is no room, or if the entries could not be counted
     */
    void require(int ids, String ledger, LongSupplier count) {
        lock.lock();
        try {
            if (ids > allowance || System.nanoTime() - countedNanos > COUNT_EVERY.toNanos()) {
                counted = count.getAsLong();
                countedNanos = System.nanoTime();
                allowance = Math.max(ids, (most - counted) / SHARE);
            }
            if (counted + ids > most) {
                allowance = 0;
                throw new CoordinatorUnavailableException(
                        ("%s holds %s IDs, and maxRecordedIds allows %s: keep them for a shorter time, or raise"
                                        + " maxRecordedIds as far as etcd's quota reaches")
                                .formatted(ledger, counted, most));
            }
            counted += ids;
            allowance -= ids;
        } finally {
            lock.unlock();
        }
    }
}
