package io.snowline.id;

/**
 * Takes IDs that were asked for without waiting for them. Exactly one of its methods is called, once, on a thread of the
 * executor that was given with it, or, when that takes no more tasks, on another. Neither should block for long: others may
 * wait behind it.
 */
public interface IdTaker {

    /**
     * Takes the IDs.
     *
     * @param ids all that were asked for, ascending; the array is the taker's
     */
    void issued(long[] ids);

    /** Learns why none can be issued. */
    void refused(IdUnavailableException why);
}
