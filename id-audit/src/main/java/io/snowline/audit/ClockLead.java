package io.snowline.audit;

import io.snowline.id.IdLayout;
import io.snowline.time.TickScale;
import java.time.Duration;
import java.time.Instant;

/** How far IDs are ahead of a clock. */
final class ClockLead {

    private ClockLead() {}

    /** Returns the least ID whose tick begins after an instant; larger than any ID if the layout ends before. */
    static long firstAfter(IdLayout layout, Instant at) {
        TickScale scale = layout.scale();
        long tick = scale.tickAt(at.toEpochMilli()) + 1;
        if (tick <= 0) {
            return 0;
        }
        return tick > scale.lastTick() ? Long.MAX_VALUE : tick << (layout.nodeBits() + layout.sequenceBits());
    }

    /** Returns how far an ID is ahead of an instant; negative or zero if it is not. */
    static Duration of(long id, IdLayout layout, Instant at) {
        return Duration.between(at, layout.decode(id).timestamp());
    }
}
