package io.snowline.server.issuing;

import java.time.Instant;
import java.util.Optional;

/**
 * What the ledger says about an ID.
 *
 * <p>Immutable and thread-safe.
 *
 * @param at when the ID was recorded; empty if there is no record of it, or no longer
 */
public record Recording(Optional<Instant> at) {}
