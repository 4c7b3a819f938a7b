package io.snowline.audit;

/** What may have made IDs equal, as far as their own time, node id and place show. */
enum Cause {
    /**
     * All IDs of one input are also in the other: it was read twice, or is a copy. Two processes that were cloned in
     * the middle of their work would soon differ.
     */
    SAME_INPUT,

    /**
     * The IDs are more than a day ahead of the clock, or jump back by a day or more again and again: they were read
     * with a layout or epoch that is not theirs, or mixed with those of another system. Equal numbers need not mean the
     * same there.
     */
    OTHER_LAYOUT,

    /**
     * Within one input the node id goes back in time, but rarely, and each repeated ID occurs once before the largest
     * of these steps and once after it: a clock was set back, and the generator followed it.
     */
    CLOCK_SET_BACK,

    /** There is no other sign than two IDs with the same node id and time: the node id had two owners. */
    TWO_OWNERS
}
