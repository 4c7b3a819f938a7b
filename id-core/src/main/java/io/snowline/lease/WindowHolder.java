package io.snowline.lease;

/** Whatever stamps from the windows that a {@link LeaseKeeper} reserves. Safe for use by many threads. */
public interface WindowHolder {

    /**
     * Takes a new window, to be stamped from when the one in use, if any, is used up. A window that was offered earlier
     * and not begun is dropped.
     */
    void offer(Window window);

    /** Sets what is told that callers have used up all that was offered: on their threads, at any rate, so it must be short. */
    void whenUsedUp(Runnable action);

    /**
     * Returns for how long what was offered lasts at the layout's rate, in milliseconds; 0 if there is nothing left. At least
     * so long, since time may run slower.
     */
    long remainingMillis();

    /** Returns the newest position stamped so far, from whichever window; -1 if there is none. */
    long newest();

    /**
     * Makes it impossible for any thread to stamp any more (rule P7). Repeating it does nothing.
     *
     * @return the newest position ever stamped; -1 if there is none
     */
    long seal();
}
