package io.snowline.coordination.zookeeper;

import io.snowline.coordination.Trace;
import java.util.OptionalInt;

/**
 * The place of a namespace's trace, as it was read.
 *
 * @param version the znode's data version, which the next write must still find; empty if there is no trace
 */
record TraceSlot(Trace trace, OptionalInt version) {

    static final TraceSlot NONE = new TraceSlot(Trace.NONE, OptionalInt.empty());
    static final TraceSlot UNKNOWN = new TraceSlot(Trace.UNKNOWN, OptionalInt.empty());
}
