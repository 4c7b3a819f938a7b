package io.snowline.server.audit;

import java.io.IOException;

/** Reads IDs one after the other. Not safe for use by many threads. */
interface IdReader extends AutoCloseable {

    /** What {@link #next} returns after the last ID; no ID is negative. */
    long NONE = -1;

    /**
     * Returns the next ID, or {@link #NONE} if there is no other.
     *
     * @throws IOException if the input cannot be read
     * @throws IllegalArgumentException if what comes next is no ID; the message has the rule and the value
     */
    long next() throws IOException;

    @Override
    void close() throws IOException;
}
