package io.snowline.server.audit;

/** What may have made IDs equal, as far as their own time, node id and place tell. */
enum Cause {
    /**
     * All IDs of one input are in the other as well: it was read twice, or is a copy. Two processes that were cloned in the
     * middle of their work would differ before long.
     */
    SAME_INPUT,

    /**
     * The IDs lie more than a day ahead of the clock, or jump back by more than a day again and again: read by a layout or
     * epoch that is not theirs, or mixed with those of another system. Equal numbers need not mean the same there.
     */
    OTHER_LAYOUT,

    /**
     * Within one input the node id goes back in time, hardly ever, and each repeated ID occurs once before the largest of
     * these steps and once after it: a clock was set back, and the generator followed it.
     */
    CLOCK_SET_BACK,

    /** Nothing but that two IDs carry the same node id for the same moment: it had two owners. */
    TWO_OWNERS
}
