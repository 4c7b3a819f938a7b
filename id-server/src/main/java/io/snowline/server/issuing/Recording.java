package io.snowline.server.issuing;

import java.time.Instant;
import java.util.Optional;

/**
 * What the ledger says of an ID.
 *
 * <p>Immutable; threads may share it.
 *
 * @param at when the ID was recorded; empty if there is no record of it, or none any more
 */
public record Recording(Optional<Instant> at) {}
