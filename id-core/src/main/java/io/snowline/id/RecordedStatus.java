package io.snowline.id;

import io.snowline.coordination.LeaseFailure;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a generator in recorded mode stands.
 *
 * <p>Immutable; threads may share it.
 *
 * @param node the node id of callers that name none
 * @param incarnation the namespace's incarnation as last seen, 0 before the first look
 * @param problem why no ID can be issued, as far as is known; empty when all is well
 * @param failure the latest unexpected failure of what looks at the coordinator; empty when there was none
 */
public record RecordedStatus(
        OptionalInt node, long incarnation, Optional<String> problem, Optional<LeaseFailure> failure) {}
