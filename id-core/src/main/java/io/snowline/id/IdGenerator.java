package io.snowline.id;

/**
 * A source of IDs that are never equal to any other ID of their namespace.
 *
 * <p>Thread-safe, and suited to virtual threads: no lock is held while a caller waits.
 */
public interface IdGenerator extends AutoCloseable {

    /**
     * Issues an ID. Waits up to the generator's {@code maxWait} if necessary.
     *
     * @return 0 or more: a number that the layout's {@link IdLayout#decode} can read
     * @throws IdUnavailableException if no ID can be issued safely now; it says why, and when to try again
     */
    long nextId();

    /**
     * Fills an array with IDs, ascending within a lane. Either all are issued or an exception is thrown; in that case
     * the array's content is undefined, and the IDs already taken are lost and never issued again.
     *
     * @throws IdUnavailableException if not all can be issued safely now
     */
    void nextIds(long[] ids);

    /** Returns the layout of the IDs. */
    IdLayout layout();

    /** Releases what is held. No IDs are issued afterwards; closing again has no effect. */
    @Override
    void close();
}
