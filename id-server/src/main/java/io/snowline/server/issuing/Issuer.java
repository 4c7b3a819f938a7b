package io.snowline.server.issuing;

import io.snowline.id.RecordedIdGenerator;
import io.snowline.server.access.Limit;
import io.snowline.server.config.GeneratorSettings;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * Issues the IDs of one namespace, in the mode that it has.
 *
 * <p>Implementations are thread-safe.
 */
public interface Issuer {

    /** Returns the configuration of the namespace. */
    GeneratorSettings settings();

    /**
     * Issues IDs without blocking the caller: immediately if they are available, otherwise later and on another thread.
     *
     * @param executor runs everything that may block
     */
    void issue(IdOrder order, Executor executor);

    /**
     * Issues positions in a row, as many as one lane gives, without blocking the caller.
     *
     * @param executor runs everything that may block
     * @throws UnsupportedOperationException in recorded mode, where each ID is recorded before it is handed out
     */
    void issue(RangeOrder order, Executor executor);

    /**
     * Returns a function that tells whether an ID was recorded; it asks the backend, and blocks meanwhile. Empty where
     * no record per ID is kept.
     *
     * @see RecordedIdGenerator#recordedAt
     */
    Optional<LongFunction<Recording>> ledger();

    /** Counts an answer to a request, by its HTTP status. */
    void answered(int status);

    /** Returns what takes down how long an answer to a call took, in nanoseconds. */
    LongConsumer timer(String call);

    /** Counts IDs handed out to a client whose token has a name; without a name they are not counted. */
    void issuedTo(String token, int count);

    /** Counts a request that is refused because a bound is exceeded. */
    void limited(Limit limit);
}
