package io.snowline.id;

import io.snowline.lease.Window;
import io.snowline.time.TickScale;

/** A window and the positions claimed from it, for stamping with one node id. Thread-safe. */
final class Lane extends PositionCursor {

    /*
     * Positions are claimed in order: next = max(cursor, present), so that the sequence carries into the tick, and a
     * clock rollback changes nothing. There are three ways:
     *
     *   takeId()  one position without reading the clock: below the ceiling that a call which did read it published
     *   take()    one position after reading the clock; publishes the next ceiling
     *   claim()   any number of consecutive positions after reading the clock
     *
     * No position at or above the window's end is ever handed out: the position itself is compared with the ceiling or
     * the limit, and neither lies above the end as it was read. The end only grows, so there is no gap between "may I?"
     * and "which position?" that a pause, a clock or another thread could fall into (P3).
     *
     * A ticket is a position that takeId() claimed at or above the ceiling. It belongs to that caller alone, and may be
     * used once a reading of the clock puts it below the limit: while the rate is exceeded, callers wait for their
     * tickets' ticks, in order, and no position is lost. A ticket is void once the lane is sealed, since the window may
     * still be extended then. The ticket is compared with the end first and the seal is checked afterwards, while
     * sealing reads the end last: so a ticket that was used is always below the position that sealing reports.
     *
     * All positions below a ceiling are in its tick, so ID - position is a constant there, computed before the claim.
     * After the claim only one addition is left (each step behind a locked instruction delays the next one).
     *
     * How old may a position be? A call that reads the clock takes a position of the present tick or, for two ticks
     * after callers had to wait, one of those they could not use in time (they wake up late, and the rate must still be
     * the layout's). In that case nothing is left under the ceiling. Otherwise what is left may be claimed without
     * reading the clock, until it is used up, or until a CeilingExpiry, which checks every tick, finds it half a tick
     * old.
     */

    private static final int MANY_THREADS = 64;
    private static final int TICKS_CARRIED = 2;

    private final Window window;
    private final long first;
    private final TickScale scale;
    private final ClockReadBudget allowance;
    private final long sequenceMask;
    private final long tickFactor;
    private final long nodePart;

    /** The position at which a claim was last refused because it lay too far ahead. */
    private volatile long refusedAt = Long.MIN_VALUE;

    /**
     * Creates a lane.
     *
     * @param first the first position that it may claim, at or above the window's start
     */
    Lane(Window window, long first, IdLayout layout, TickScale scale) {
        super(first);
        this.window = window;
        this.first = first;
        this.scale = scale;
        this.allowance = new ClockReadBudget(scale.tickMillis());
        this.sequenceMask = (1L << layout.sequenceBits()) - 1;
        this.tickFactor = (1L << layout.nodeBits()) - 1;
        this.nodePart = layout.idAt(0, window.node());
    }

    Window window() {
        return window;
    }

    /** Returns the ID of a position of this lane, as {@link IdLayout#idAt} does, from precomputed parts. */
    long idAt(long position) {
        return position + offsetAt(position);
    }

    /** Returns ID - position, which is constant within the tick of a position. */
    private long offsetAt(long position) {
        return (position & ~sequenceMask) * tickFactor + nodePart;
    }

    /**
     * Claims one position without reading the clock.
     *
     * @return its ID; or the complement ({@code ~}) of a ticket; or {@link #NOTHING}
     */
    long takeId() {
        long open = ceiling();
        long offset = offsetAt(open - 1);
        if ((open | offset) < 0) { // no offset is negative; a single test of both has it computed before the claim
            return NOTHING;
        }
        long position = add(1);
        return position < open ? position + offset : ~position;
    }

    /**
     * Claims one position after reading the clock, and publishes how many may be claimed without reading it.
     *
     * @param ceiling the value of {@link #ceiling} before the clock was read
     * @param ticket a ticket of this lane, or {@link #NOTHING}
     * @param nanos the monotonic clock, as it was read
     * @param present the first position of the present tick
     * @param limit the position that no claim may reach; at most the window's end as it was read by the caller
     * @return the position, or {@link #NOTHING}
     */
    long take(long ceiling, long ticket, long nanos, long present, long limit) {
        long position = redeemable(ticket, present, limit) ? ticket : claim(present, limit, 1);
        if (position >= present) {
            long ahead = allowance.afterLook(nanos);
            long end = Math.min(Math.min(position + 1 + ahead, limit), tickEnd(position));
            if (end > position + 1) {
                allowance.granted(end - position - 1);
                open(ceiling, end);
            }
        }
        return position;
    }

    private boolean redeemable(long ticket, long present, long limit) {
        long oldest = carries(present) ? oldestCarried(present) : present;
        return ticket >= 0 && ticket >= oldest && ticket < limit && !sealed();
    }

    /**
     * Claims up to {@code wanted} consecutive positions after reading the clock: those from the result up to
     * {@code limit}, at most. One atomic step, unless few are left or there is contention.
     *
     * @param present the first position of the present tick
     * @param limit the position that no claim may reach; at most the window's end as it was read by the caller
     * @return the first position claimed, or {@link #NOTHING}
     */
    long claim(long present, long limit, long wanted) {
        while (true) {
            long next = next();
            long first = next >= present || carries(present) ? next : scattered(present, limit);
            if (first >= limit || next >= limit) {
                return NOTHING;
            }
            if (first == next && (limit - next) / MANY_THREADS >= wanted) {
                first = add(wanted);
                if (first < limit) {
                    return first;
                }
            } else if (advance(next, first + Math.min(wanted, limit - first))) {
                return first;
            }
        }
    }

    /** Returns the first position of the tick after a position's own. */
    long tickEnd(long position) {
        return scale.nextTick(position);
    }

    /** Tells whether positions of ticks before the present one may be used, because callers had to wait for them. */
    private boolean carries(long present) {
        return refusedAt >= oldestCarried(present);
    }

    private long oldestCarried(long present) {
        return present - ((long) TICKS_CARRIED << scale.sequenceBits());
    }

    /**
     * Returns the start of a tick where the limit would not let the sequence carry into the next: all of a tick may be
     * used, wherever it began.
     */
    private long scattered(long present, long limit) {
        long first = scale.scattered(present);
        return first <= limit - positionsOfATick() ? first : present;
    }

    private long positionsOfATick() {
        return sequenceMask + 1;
    }

    /**
     * Notes that a claim was refused although the window has positions left. The ceiling is closed, so that no caller
     * claims in vain, and the positions that callers now wait for stay theirs until two ticks after they may be used.
     *
     * @param ceiling the value of {@link #ceiling} before the clock was read
     * @param limit the limit of that attempt
     */
    void refused(long ceiling, long limit) {
        if (refusedAt < limit) {
            refusedAt = limit;
        }
        close(ceiling);
    }

    /**
     * Withdraws the ceiling if the clock reading behind it is half a tick old.
     *
     * @return whether a ceiling is left
     */
    boolean withdrawExpired(long nanos) {
        if (ceiling() > 0 && allowance.expired(nanos)) {
            withdraw();
        }
        return ceiling() > 0;
    }

    /** Returns the newest position claimed; the one before the first if there is none. Not for sealed lanes. */
    long newest() {
        return newestBefore(next());
    }

    /** Claims at or above the window's end were refused, and positions below the first were not this lane's. */
    private long newestBefore(long next) {
        return Math.max(first, Math.min(next, window.end())) - 1;
    }

    /** Makes every further claim fail, and returns the newest position claimed. Called once. */
    long seal() {
        return newestBefore(sealCursor());
    }
}
