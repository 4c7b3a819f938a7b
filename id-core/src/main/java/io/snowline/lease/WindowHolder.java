package io.snowline.lease;

/** The user of the windows that a {@link LeaseKeeper} reserves: it stamps from them. Thread-safe. */
public interface WindowHolder {

    /**
     * Takes a new window, to be stamped from once the one in use, if any, is used up. A window that was offered earlier
     * and not begun is dropped.
     */
    void offer(Window window);

    /**
     * Sets an action that runs when callers have used up everything offered: on their threads, at any rate, so it must
     * be short.
     */
    void whenUsedUp(Runnable action);

    /**
     * Returns how long the offered windows last at the layout's rate, in milliseconds; 0 if nothing is left. A lower
     * bound, since time may run slower.
     */
    long remainingMillis();

    /** Returns the newest position stamped so far, from any window; -1 if there is none. */
    long newest();

    /**
     * Makes it impossible for any thread to stamp any more (rule P7). Sealing again has no effect.
     *
     * @return the newest position ever stamped; -1 if there is none
     */
    long seal();
}
