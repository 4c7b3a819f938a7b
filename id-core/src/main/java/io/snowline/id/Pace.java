package io.snowline.id;

import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.lease.LogicalClock;
import io.snowline.time.TickScale;
import java.time.Duration;

/** How far stamping may have come by now: the present, and {@code maxLead} ticks beyond. Safe for use by many threads. */
final class Pace {

    private final TickScale scale;
    private final LogicalClock clock;
    private final long maxLeadTicks;

    Pace(TickScale scale, LogicalClock clock, Duration maxLead) {
        this.scale = scale;
        this.clock = clock;
        this.maxLeadTicks = maxLead.toMillis() / scale.tickMillis();
    }

    /** Returns the first position of the present tick. */
    long present() {
        return scale.positionAt(clock.millis());
    }

    /** Returns the first position of the tick that was the present one at a reading of the monotonic clock. */
    long present(long nanos) {
        return scale.positionAt(clock.millisAt(nanos));
    }

    /** Returns the position that nothing may reach: a window's end, or the tick that is too far ahead. */
    long limit(long end, long present) {
        long tooFarTick = scale.tickOf(present) + leadTicks() + 1;
        return tooFarTick > scale.lastTick() ? end : Math.min(end, tooFarTick << scale.sequenceBits());
    }

    /** Returns how long it takes until a position may be stamped, in nanoseconds; at least 1. */
    long nanosUntil(long position) {
        return Math.max(1, clock.nanosUntil(scale.millisAt(position) - leadTicks() * scale.tickMillis()));
    }

    /** Returns the refusal of a position that lies too far ahead. */
    IdUnavailableException tooFarAhead(long position) {
        long millis = (nanosUntil(position) + 999_999) / 1_000_000;
        return new IdUnavailableException(
                Reason.RATE_EXCEEDED,
                Duration.ofMillis(millis),
                "more IDs are asked for than the layout gives: %d per tick and node id, and %d ms ahead of the time are used up"
                        .formatted(1L << scale.sequenceBits(), leadTicks() * scale.tickMillis()));
    }

    private long leadTicks() {
        return clock.slow() ? maxLeadTicks / 2 : maxLeadTicks;
    }
}
