package io.snowline.audit;

import java.io.IOException;

/** Reads IDs one after the other. Not thread-safe. */
interface IdReader extends AutoCloseable {

    /** Returned by {@link #next} after the last ID; no ID is negative. */
    long NONE = -1;

    /**
     * Returns the next ID, or {@link #NONE} if there is no other.
     *
     * @throws IOException if the input cannot be read
     * @throws IllegalArgumentException if the next thing is not an ID; the message has the rule and the value
     */
    long next() throws IOException;

    @Override
    void close() throws IOException;
}
