package io.snowline.id;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.Recorded;
import io.snowline.coordination.Replacement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Applies the steps that reserve batches, and records their IDs if there is a ledger.
 *
 * <p>Thread-safe.
 */
final class Recorder {

    private final NodeCoordinator coordinator;
    private final String namespace;
    private final Optional<IdLedger> ledger;
    private final Optional<Duration> keep;
    private final AtomicLong refusals = new AtomicLong();

    Recorder(NodeCoordinator coordinator, String namespace, Optional<IdLedger> ledger, Optional<Duration> keep) {
        this.coordinator = coordinator;
        this.namespace = namespace;
        this.ledger = ledger;
        this.keep = keep;
    }

    /**
     * Applies a step, and records IDs if it was applied.
     *
     * @throws CoordinatorUnavailableException if it is unknown whether that was done
     */
    Recorded write(Replacement step, long[] ids) {
        if (ledger.isEmpty()) {
            return new Recorded(coordinator.replace(namespace, step), new long[0]);
        }
        Recorded recorded = coordinator.replaceAndRecord(namespace, step, ids, keep);
        refusals.addAndGet(recorded.refused().length);
        return recorded;
    }

    boolean hasLedger() {
        return ledger.isPresent();
    }

    Optional<Instant> recordedAt(long id) {
        return ledger.flatMap(records -> records.recordedAt(id));
    }

    /** Returns how many IDs the ledger refused because it already had them. */
    long refusals() {
        return refusals.get();
    }
}
