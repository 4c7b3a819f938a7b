package io.snowline.coordination;

/** Whatever stamps from the windows that a {@link LeaseKeeper} reserves. Safe for use by many threads. */
public interface WindowHolder {

    /**
     * Takes a new window, to be stamped from when the one in use, if any, is used up. A window that was offered earlier
     * and not begun is dropped.
     */
    void offer(Window window);

    /** Returns the newest position stamped so far, from whichever window; -1 if there is none. */
    long newest();

    /**
     * Makes it impossible for any thread to stamp any more (rule P7). Repeating it does nothing.
     *
     * @return the newest position ever stamped; -1 if there is none
     */
    long seal();
}
