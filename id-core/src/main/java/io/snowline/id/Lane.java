package io.snowline.id;

import io.snowline.lease.Window;
import io.snowline.time.TickScale;

/**
 * A window and the positions claimed from it: one node id's worth of stamping. Safe for use by many threads.
 */
final class Lane extends Claims {

    /*
     * Positions are claimed in their order: next = max(cursor, present), so that the sequence carries into the tick, and time
     * that went back changes nothing. Three ways:
     *
     *   takeId()  one position, no look at the clock: below the ceiling that somebody published who has looked
     *   take()    one position after a look; publishes the next ceiling
     *   claim()   any number of positions in a row after a look
     *
     * No position at or above the window's end is ever handed out: it is the position itself that is compared with the
     * ceiling or the limit, and neither lies above the end as it was read. The end only grows, so between "may I?" and "which
     * position?" there is no gap that a pause, a clock or another thread could fall into (P3).
     *
     * A ticket is a position that takeId() claimed at or above the ceiling. It is the caller's alone, and may be used once a
     * look finds it below the limit: while the rate is exceeded, callers wait for their tickets' tick, in order, and nothing
     * is lost. A ticket is worth nothing once the lane is sealed, since the window may still be extended then. It is
     * compared with the end first and the seal looked at afterwards, and sealing reads the end last: so a ticket that was
     * used is always below what sealing reports.
     *
     * What is below a ceiling lies in one tick, the ceiling's: there, position and ID differ by a number that can be computed
     * before the claim. After it, only one addition is left (each step behind a locked instruction delays the next one).
     *
     * How old may a position be? Whoever looks takes one of the present tick, or, for two ticks after callers had to wait,
     * one of those they could not use in time (they wake up late, and the rate is to be the layout's all the same). Nothing
     * is left under the ceiling then. Otherwise it may be claimed by those who do not look, until it is used up, or a
     * CeilingWatch, which looks round every tick, finds it half a tick old.
     */

    private static final int MANY_THREADS = 64;
    private static final int TICKS_CARRIED = 2;

    private final Window window;
    private final long first;
    private final TickScale scale;
    private final Allowance allowance;
    private final long sequenceMask;
    private final long tickFactor;
    private final long nodePart;

    /** The position at which a claim was refused last because it lay too far ahead. */
    private volatile long refusedAt = Long.MIN_VALUE;

    /**
     * Makes a lane.
     *
     * @param first the first position it may claim, at or above the window's start
     */
    Lane(Window window, long first, IdLayout layout, TickScale scale) {
        super(first);
        this.window = window;
        this.first = first;
        this.scale = scale;
        this.allowance = new Allowance(scale.tickMillis());
        this.sequenceMask = (1L << layout.sequenceBits()) - 1;
        this.tickFactor = (1L << layout.nodeBits()) - 1;
        this.nodePart = layout.idAt(0, window.node());
    }

    Window window() {
        return window;
    }

    /** Returns the ID of a position of this lane: {@link IdLayout#idAt}, with what a lane knows beforehand. */
    long idAt(long position) {
        return position + offsetAt(position);
    }

    /** Returns by how much IDs are greater than positions in the tick of a position. */
    private long offsetAt(long position) {
        return (position & ~sequenceMask) * tickFactor + nodePart;
    }

    /**
     * Claims one position without a look at the clock.
     *
     * @return its ID; or the complement ({@code ~}) of a ticket; or {@link #NOTHING}
     */
    long takeId() {
        long open = ceiling();
        long offset = offsetAt(open - 1);
        if ((open | offset) < 0) { // no offset is negative; asking once for both has it computed before the claim
            return NOTHING;
        }
        long position = add(1);
        return position < open ? position + offset : ~position;
    }

    /**
     * Claims one position after a look at the clock, and publishes what may be claimed without one.
     *
     * @param ceiling what {@link #ceiling} was before the look
     * @param ticket a ticket of this lane, or {@link #NOTHING}
     * @param nanos the monotonic clock at the look
     * @param present the first position of the present tick
     * @param limit the position that nothing may reach; at most the window's end as it was read by the caller
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
     * Claims up to {@code wanted} positions in a row after a look at the clock: those from the answer to {@code limit}, at
     * most. One atomic step, unless few are left or others interfere.
     *
     * @param present the first position of the present tick
     * @param limit the position that nothing may reach; at most the window's end as it was read by the caller
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

    /** Returns the first position of the tick after that of a position. */
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

    /** Begins a tick at its start where the limit would not let the sequence carry: all of a tick may be used, wherever it began. */
    private long scattered(long present, long limit) {
        long first = scale.scattered(present);
        return first <= limit - positionsOfATick() ? first : present;
    }

    private long positionsOfATick() {
        return sequenceMask + 1;
    }

    /**
     * Takes note that a claim was refused although the window has positions left: the ceiling is closed, so that nobody
     * claims in vain, and what callers wait for now stays theirs for two ticks after it may be used.
     *
     * @param ceiling what {@link #ceiling} was before the look
     * @param limit the limit of the look
     */
    void refused(long ceiling, long limit) {
        if (refusedAt < limit) {
            refusedAt = limit;
        }
        close(ceiling);
    }

    /**
     * Withdraws the ceiling if its look is half a tick old.
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

    /** What was claimed at or above the window's end was refused, and what lies below the first was not this lane's. */
    private long newestBefore(long next) {
        return Math.max(first, Math.min(next, window.end())) - 1;
    }

    /** Makes every further claim fail, and returns the newest position claimed. Called once. */
    long seal() {
        return newestBefore(sealCursor());
    }
}
