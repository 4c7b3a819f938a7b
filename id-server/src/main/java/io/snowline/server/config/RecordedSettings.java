package io.snowline.server.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What recorded mode is configured to do.
 *
 * <p>Immutable; threads may share it.
 *
 * @param ledger whether each ID is recorded in the ledger; empty: where the coordinator has one
 * @param keep how long an ID stays recorded; empty: for ever
 * @param node the node id of requests that name none; empty: one of the server's own
 */
public record RecordedSettings(Optional<Boolean> ledger, Optional<Duration> keep, OptionalInt node) {}
