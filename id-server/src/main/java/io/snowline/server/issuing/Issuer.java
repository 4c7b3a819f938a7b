package io.snowline.server.issuing;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.id.LaneStatus;
import io.snowline.server.config.GeneratorSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

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
     * Tells whether and when an ID was recorded; asks the backend, and blocks meanwhile, if {@link #keepsRecords}.
     *
     * @return empty where no record per ID is kept; otherwise when it was recorded, if it was
     * @throws CoordinatorUnavailableException if the backend did not answer
     */
    Optional<Optional<Instant>> recordedAt(long id);

    /** Tells whether each ID is recorded. */
    boolean keepsRecords();

    /** Counts an answer to a request, by its HTTP status. */
    void answered(int status);

    /** Returns how each lane stands. */
    List<LaneStatus> status();

    /** Gives back what is held, within a few seconds. */
    @Override
    void close();
}
