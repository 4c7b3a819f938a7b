package io.snowline.id;

import io.snowline.coordination.LeaseFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The state of one lane of a generator: what it holds and for how long.
 *
 * <p>Immutable and thread-safe.
 *
 * @param node the node id it stamps with, if any
 * @param windowEnd the instant at which the window ends; the epoch when there is none
 * @param remaining how long IDs can still be issued without the coordinator; zero if they cannot
 * @param lead how far the newest stamped tick is ahead of the wall clock; negative when it is behind
 * @param atRisk whether the latest call to the coordinator, or the lease keeper itself, failed
 * @param incarnation the namespace's incarnation as last seen, 0 before the first read
 * @param problem why no ID can be issued, or what failed last; empty when all is well
 * @param failure when and why the lease keeper last failed, and how often; kept after recovery
 */
public record LaneStatus(
        OptionalInt node,
        Instant windowEnd,
        Duration remaining,
        Duration lead,
        boolean atRisk,
        long incarnation,
        Optional<String> problem,
        Optional<LeaseFailure> failure) {}
