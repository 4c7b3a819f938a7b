package io.snowline.client;

import io.snowline.id.IdLayout;
import io.snowline.id.IdRange;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** A range that a server gave, and how much of it callers have taken. Thread-safe; no call blocks. */
final class RangeInUse {

    /*
     * Every position of a range belongs to this client alone, forever. So the one word that callers compete for is the
     * index of the next position, and a claim is one atomic addition; whoever gets an index below the count has an ID,
     * and no check can come too late for it to be unique.
     *
     * Time is the other question: a range is good for a second or so. To read the clock takes four times as long as
     * the claim. While IDs are taken faster than one in 200 ns, only the caller that gets a multiple of 64 reads it;
     * while they are taken slower, every caller does. So a process that was suspended hands out nothing stale
     * afterwards, except for at most 63 IDs if it was stopped in the middle of such a burst.
     *
     * The index has cache lines of its own: every claim writes it, and every claim reads the fields. When the clock was read
     * for the last multiple of 64 is next to it, as it is written by the caller that has just written the index.
     */

    /** The result of a claim that found nothing. */
    static final long NOTHING = Long.MIN_VALUE;

    private static final int STRIDE = 64;
    private static final long BURST_NANOS = STRIDE * 200L;
    private static final long SEALED = 1L << 62;
    private static final int NEXT = 16;
    private static final int READ_NANOS = NEXT + 1;
    private static final int PADDED = 32;

    private final AtomicLongArray next = new AtomicLongArray(PADDED);
    private final @Nullable IdRange range;
    private final int count;
    private final long firstPosition;
    private final long sequenceMask;
    private final long tickFactor;
    private final long nodePart;
    private final long refreshAtNanos;
    private final long goodUntilNanos;

    private volatile boolean burst;

    /** Makes a range that has nothing. */
    RangeInUse() {
        range = null;
        count = 0;
        firstPosition = 0;
        sequenceMask = 0;
        tickFactor = 0;
        nodePart = 0;
        refreshAtNanos = 0;
        goodUntilNanos = 0;
    }

    /**
     * @param sentNanos the monotonic clock when the range was asked for
     * @param goodForNanos how long after that the last ID may be taken
     */
    RangeInUse(IdRange range, long sentNanos, long goodForNanos) {
        IdLayout layout = range.layout();
        this.range = range;
        count = range.count();
        firstPosition = range.position();
        sequenceMask = (1L << layout.sequenceBits()) - 1;
        tickFactor = layout.nodeCount() - 1L;
        nodePart = layout.compose(0, range.node());
        refreshAtNanos = sentNanos + goodForNanos / 4 * 3;
        goodUntilNanos = sentNanos + goodForNanos;
        next.set(READ_NANOS, sentNanos - BURST_NANOS);
    }

    /**
     * Claims one position without reading the clock, if that is allowed now.
     *
     * @return its ID; or the complement ({@code ~}) of an index that is the caller's, for {@link #redeem}
     */
    long take() {
        boolean unread = burst;
        long index = next.getAndIncrement(NEXT);
        return unread && (index & (STRIDE - 1)) != 0 && index < count ? idAt(index) : ~index;
    }

    /**
     * Returns the ID of an index that the caller has claimed.
     *
     * @param nanos the monotonic clock, read after the claim
     * @return {@link #NOTHING} if the range is used up, or too old
     */
    long redeem(long index, long nanos) {
        if (index >= count || stale(nanos)) {
            return NOTHING;
        }
        if ((index & (STRIDE - 1)) == 0) {
            boolean fast = nanos - next.get(READ_NANOS) < BURST_NANOS;
            next.setRelease(READ_NANOS, nanos);
            if (burst != fast) {
                burst = fast;
            }
        }
        return idAt(index);
    }

    /** The same as {@link IdRange#id}, from precomputed parts. */
    private long idAt(long index) {
        long position = firstPosition + index;
        return position + (position & ~sequenceMask) * tickFactor + nodePart;
    }

    /**
     * Fills a part of an array with as many IDs as there are.
     *
     * @param from the index of the first ID
     * @param to the index after the last ID, above {@code from}
     * @param nanos the monotonic clock
     * @return how many IDs there were
     */
    int fill(long[] ids, int from, int to, long nanos) {
        if (range == null || stale(nanos)) {
            return 0;
        }
        long first = next.getAndAdd(NEXT, to - from);
        if (first >= count) {
            return 0;
        }
        int taken = (int) Math.min(to - from, count - first);
        range.part((int) first, (int) first + taken).copyInto(ids, from);
        return taken;
    }

    /**
     * Tells whether the next range should be asked for: half of this one is used, or in a burst an eighth, since the rest
     * then lasts for some milliseconds only; or most of its time is over.
     */
    boolean runsLow(long nanos) {
        return next.get(NEXT) >= (burst ? count / 8 : count / 2) || nanos - refreshAtNanos >= 0;
    }

    /** Tells whether what is left must not be handed out any more. */
    boolean stale(long nanos) {
        return range == null || nanos - goodUntilNanos >= 0;
    }

    /** Returns how many IDs were taken. */
    int used() {
        return (int) Math.min(next.get(NEXT), count);
    }

    /** Returns how many IDs are left; 0 once the range is too old. */
    int left(long nanos) {
        return stale(nanos) ? 0 : count - used();
    }

    /** Returns how long IDs may still be taken, in nanoseconds; not positive once the range is too old. */
    long goodForNanos(long nanos) {
        return range == null ? 0 : goodUntilNanos - nanos;
    }

    /** Makes every further claim fail, and returns how many IDs were taken. */
    int seal() {
        return (int) Math.min(next.getAndSet(NEXT, SEALED), count);
    }
}
