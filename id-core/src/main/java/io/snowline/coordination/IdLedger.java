package io.snowline.coordination;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The store of issued IDs: an ID that is in it was issued, and is refused a second time.
 *
 * <p>Safe for use by many threads.
 */
public interface IdLedger {

    /**
     * Records each ID unless it is recorded already: set-if-absent per ID.
     *
     * @param ids the IDs, at least one, without repeats
     * @param keep how long the records are kept; empty: for ever
     * @return those that were recorded before, in the order given; empty when all are new
     * @throws CoordinatorUnavailableException if it is unknown what was recorded; the IDs must not be handed out
     */
    long[] record(long[] ids, Optional<Duration> keep);

    /**
     * Tells when an ID was recorded, on the backend's clock.
     *
     * @return empty if no record of it is kept
     * @throws CoordinatorUnavailableException if the backend did not answer
     */
    Optional<Instant> recordedAt(long id);
}
