package io.snowline.id;

/**
 * Receives IDs that were requested without waiting for them. Exactly one of its methods is called, once, on a thread of
 * the executor that was passed with it or, if that executor accepts no more tasks, on another thread. Neither method
 * should block for long, since others may be waiting behind it.
 */
public interface IdTaker {

    /**
     * Receives the IDs.
     *
     * @param ids all the IDs requested, ascending; the array belongs to the taker
     */
    void issued(long[] ids);

    /** Receives the reason why none can be issued. */
    void refused(IdUnavailableException why);
}
