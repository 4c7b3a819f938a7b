package io.snowline.server.issuing;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.LaneStatus;
import io.snowline.server.config.GeneratorSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Issues the IDs of one namespace, in whichever mode it has.
 *
 * <p>Implementations are safe for use by many threads.
 */
public interface Issuer extends AutoCloseable {

    /** Returns what the namespace is configured to be. */
    GeneratorSettings settings();

    /**
     * Issues IDs.
     *
     * @param count how many
     * @param node the node id to issue them for, in recorded mode; empty: the configured one
     * @throws IdUnavailableException if not all can be issued safely now
     */
    long[] issue(int count, OptionalInt node);

    /**
     * Tells whether and when an ID was recorded.
     *
     * @return empty where no record per ID is kept; otherwise when it was recorded, if it was
     * @throws CoordinatorUnavailableException if the backend did not answer
     */
    Optional<Optional<Instant>> recordedAt(long id);

    /** Returns how each lane stands. */
    List<LaneStatus> status();

    /** Gives back what is held, within a few seconds. */
    @Override
    void close();
}
