package io.snowline.server.issuing;

import io.snowline.id.RecordedIdGenerator;
import io.snowline.server.config.GeneratorSettings;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;

/**
 * Issues the IDs of one namespace, in whichever mode it has.
 *
 * <p>Implementations are safe for use by many threads.
 */
public interface Issuer extends AutoCloseable {

    /** Returns what the namespace is configured to be. */
    GeneratorSettings settings();

    /**
     * Issues IDs without blocking the caller: at once where they are at hand, otherwise later and by another thread.
     *
     * @param executor runs what may block
     */
    void issue(IdOrder order, Executor executor);

    /**
     * Returns what tells of an ID whether it was recorded; it asks the backend, and blocks meanwhile. Empty where no record per
     * ID is kept.
     *
     * @see RecordedIdGenerator#recordedAt
     */
    Optional<LongFunction<Recording>> ledger();

    /** Counts an answer to a request, by its HTTP status. */
    void answered(int status);

    /** Returns whether IDs can be issued. */
    Readiness readiness();

    /** Gives back what is held, within a few seconds. */
    @Override
    void close();
}
