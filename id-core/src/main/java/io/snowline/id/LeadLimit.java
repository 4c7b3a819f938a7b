package io.snowline.id;

import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.lease.LogicalClock;
import io.snowline.time.TickScale;
import java.time.Duration;

/** The limit of how far ahead stamping may be: the present, and {@code maxLead} ticks beyond. Thread-safe. */
final class LeadLimit {

    private final TickScale scale;
    private final LogicalClock clock;
    private final long maxLeadTicks;

    LeadLimit(TickScale scale, LogicalClock clock, Duration maxLead) {
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

    /** Returns the position that no claim may reach: a window's end, or the first tick that is too far ahead. */
    long limit(long end, long present) {
        long tooFarTick = scale.tickOf(present) + leadTicks() + 1;
        return tooFarTick > scale.lastTick() ? end : Math.min(end, tooFarTick << scale.sequenceBits());
    }

    /** Returns how long until a position may be stamped, in nanoseconds; at least 1. */
    long nanosUntil(long position) {
        return Math.max(1, clock.nanosUntil(scale.millisAt(position) - leadTicks() * scale.tickMillis()));
    }

    /** Returns the refusal of a position that lies too far ahead. */
    IdUnavailableException tooFarAhead(long position) {
        long millis = (nanosUntil(position) + 999_999) / 1_000_000;
        return new IdUnavailableException(
                Reason.RATE_EXCEEDED,
                Duration.ofMillis(millis),
                "more IDs are asked for than the layout gives: %s per tick and node id, and %s ms ahead of the time are used up"
                        .formatted(1L << scale.sequenceBits(), leadTicks() * scale.tickMillis()));
    }

    private long leadTicks() {
        return clock.slow() ? maxLeadTicks / 2 : maxLeadTicks;
    }
}
