package io.snowline.id;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * Positions that are claimed one by one, each in one wait-free step, as long as they lie below a ceiling. Thread-safe.
 */
abstract class PositionCursor extends PadAfterCeiling {

    /*
     * Two words, a pair of cache lines apart against false sharing, since every claim writes the first and hardly any
     * writes the second:
     *
     *   cursor   the next position; a claim adds one to it. It only grows.
     *   ceiling  positive: positions below it may be claimed without reading clock and window again.
     *            negative: closed; minus the ceiling that was closed, so that no two closings are confused (ABA).
     *
     * Invariant: when a ceiling c is published, every position from the cursor up to c may be stamped. The cursor only
     * grows, so this remains true for any thread that reads c and claims afterwards. A claim is judged by the ceiling
     * that was read BEFORE it; a position at or above that ceiling must not be used unless a reading of clock and
     * window shows that it may.
     *
     * A ceiling is withdrawn by closing it and raising the cursor to it: from that step on, in the single order that
     * all claims have on the cursor, no claim can succeed below it, however long ago a thread read the ceiling. A
     * closed ceiling is replaced by another closed one, so that no thread whose reading began earlier may publish.
     * Sealing raises the cursor above every ceiling for good.
     *
     * A thread that is about to publish reads the ceiling first, then the clock, and publishes by a CAS from the
     * ceiling it read: a ceiling that was withdrawn or replaced in between stays as it is.
     */

    /** The result of a claim that found nothing. */
    static final long NOTHING = Long.MIN_VALUE;

    /** Above every position (they lie below 2^62), with room above it for every claim that is still to fail. */
    private static final long SEALED = 1L << 62;

    // As fast as VarHandles, and understood by tools that shrink, rename or compile ahead of time.
    private static final AtomicLongFieldUpdater<Cursor> CURSOR =
            AtomicLongFieldUpdater.newUpdater(Cursor.class, "cursor");
    private static final AtomicLongFieldUpdater<Ceiling> CEILING =
            AtomicLongFieldUpdater.newUpdater(Ceiling.class, "ceiling");

    /** Creates claims that begin at a position, with the ceiling closed. */
    PositionCursor(long first) {
        cursor = first;
    }

    /** Returns the position that is claimed next; above every position once sealed. */
    final long next() {
        return cursor;
    }

    /** Claims a number of positions in one step, unchecked and wait-free: those from the result on. */
    final long add(long count) {
        return CURSOR.getAndAdd(this, count);
    }

    /** Moves the cursor from where it was seen to a higher position; does nothing if it has moved meanwhile. */
    final boolean advance(long seen, long position) {
        return CURSOR.compareAndSet(this, seen, position);
    }

    /** Returns the ceiling, for {@link #open} or {@link #close} later. */
    final long ceiling() {
        return ceiling;
    }

    /** Publishes a ceiling above the one that was seen, if that one is still there. */
    final void open(long seen, long above) {
        var unused = CEILING.compareAndSet(this, seen, above);
    }

    /** Closes a ceiling that was reached, if it is still the one that was seen. */
    final void close(long seen) {
        if (seen > 0) {
            var unused = CEILING.compareAndSet(this, seen, -seen);
        }
    }

    /** Withdraws the ceiling: every claim from now on fails until the next {@link #open}. */
    final void withdraw() {
        long seen;
        long closed;
        do {
            seen = ceiling;
            closed = seen > 0 ? -seen : seen - 1;
        } while (!CEILING.compareAndSet(this, seen, closed));
        raise(seen);
    }

    private void raise(long position) {
        long seen = cursor;
        while (seen < position && !advance(seen, position)) {
            seen = cursor;
        }
    }

    /** Makes every claim fail forever, and returns what {@link #next} was; above every position if already sealed. */
    final long sealCursor() {
        return CURSOR.getAndSet(this, SEALED);
    }

    /** Tells whether every claim fails forever. */
    final boolean sealed() {
        return cursor >= SEALED;
    }
}

/** Keeps the cursor on cache lines of its own, away from what lies before it in memory. */
class PadBeforeCursor {
    long a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15;
}

class Cursor extends PadBeforeCursor {
    volatile long cursor;
}

/** Keeps the ceiling, which every claim reads, off the cache lines of the cursor, which every claim writes. */
class PadBetween extends Cursor {
    long b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15;
}

class Ceiling extends PadBetween {
    volatile long ceiling = -1;
}

class PadAfterCeiling extends Ceiling {
    long c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15;
}
