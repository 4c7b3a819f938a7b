package io.snowline.lease;

import io.snowline.coordination.LeaseFailure;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a lease stands.
 *
 * <p>Immutable; threads may share it.
 *
 * @param node the node id that is leased and renewed
 * @param incarnation the namespace's incarnation as last seen, 0 before the first look
 * @param obstacle what is in the way, if anything; a lease can have one and still stamp below its window's end
 * @param failure what was thrown on the keeper's thread last, if anything ever was; kept when all is well again
 */
public record LeaseStatus(
        OptionalInt node, long incarnation, Optional<Obstacle> obstacle, Optional<LeaseFailure> failure) {

    /** Makes the status of a lease whose keeper has never failed. */
    LeaseStatus(OptionalInt node, long incarnation, Optional<Obstacle> obstacle) {
        this(node, incarnation, obstacle, Optional.empty());
    }

    LeaseStatus with(Optional<LeaseFailure> latest) {
        return new LeaseStatus(node, incarnation, obstacle, latest);
    }
}
