package io.snowline.coordination;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The store of issued IDs: an ID that is in it has been issued, and is refused a second time.
 *
 * <p>Thread-safe.
 */
public interface IdLedger {

    /**
     * Records each ID unless it is already recorded: set-if-absent per ID.
     *
     * @param ids the IDs, at least one, without repeats
     * @param keep how long the records are kept; empty: forever
     * @return the IDs that were already recorded, in the order given; empty if all are new
     * @throws CoordinatorUnavailableException if it is unknown which IDs were recorded; none may be handed out
     */
    long[] record(long[] ids, Optional<Duration> keep);

    /**
     * Returns when an ID was recorded, on the backend's clock.
     *
     * @return empty if no record of it is kept
     * @throws CoordinatorUnavailableException if the backend did not answer
     */
    Optional<Instant> recordedAt(long id);
}
