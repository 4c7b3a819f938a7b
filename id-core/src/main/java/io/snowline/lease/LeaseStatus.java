package io.snowline.lease;

import io.snowline.coordination.LeaseFailure;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The state of a lease.
 *
 * <p>Immutable and thread-safe.
 *
 * @param node the node id that is leased and renewed
 * @param incarnation the namespace's incarnation as last seen, 0 before the first read
 * @param obstacle the obstacle, if any; a lease can have one and still stamp below its window's end
 * @param failure the latest failure on the keeper's thread, if there was any; kept after recovery
 */
public record LeaseStatus(
        OptionalInt node, long incarnation, Optional<Obstacle> obstacle, Optional<LeaseFailure> failure) {

    /** Creates the status of a lease whose keeper has never failed. */
    LeaseStatus(OptionalInt node, long incarnation, Optional<Obstacle> obstacle) {
        this(node, incarnation, obstacle, Optional.empty());
    }

    LeaseStatus with(Optional<LeaseFailure> latest) {
        return new LeaseStatus(node, incarnation, obstacle, latest);
    }
}
