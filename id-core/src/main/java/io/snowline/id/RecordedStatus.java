package io.snowline.id;

import io.snowline.coordination.LeaseFailure;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The state of a generator in recorded mode.
 *
 * <p>Immutable and thread-safe.
 *
 * @param node the node id of callers that name none
 * @param incarnation the namespace's incarnation as last seen, 0 before the first read
 * @param problem why no ID can be issued, as far as is known; empty when all is well
 * @param failure the latest unexpected failure in talking to the coordinator; empty if there was none
 */
public record RecordedStatus(
        OptionalInt node, long incarnation, Optional<String> problem, Optional<LeaseFailure> failure) {}
