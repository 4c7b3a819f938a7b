package io.snowline.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings of recorded mode.
 *
 * <p>Immutable and thread-safe.
 *
 * @param ledger whether each ID is recorded in the ledger; empty: if the coordinator has one
 * @param keep how long an ID stays recorded; empty: forever
 * @param node the node id of callers that name none; empty: one of the process' own
 */
public record RecordedSettings(Optional<Boolean> ledger, Optional<Duration> keep, OptionalInt node) {}
