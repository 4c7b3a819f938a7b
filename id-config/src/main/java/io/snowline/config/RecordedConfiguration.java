package io.snowline.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.snowline.coordination.NodeIdRange;
import io.snowline.id.RecordedIdGenerator;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The {@code recorded} block of a generator; it applies in recorded mode only.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>ledger</td><td>true if the coordinator has one</td><td>whether each ID is recorded in the ledger; without it
 *   the node id's mark alone refuses what was issued before</td></tr>
 * <tr><td>keep</td><td>24h</td><td>how long an ID stays recorded, or {@code forever}</td></tr>
 * <tr><td>node</td><td>one of the process' own</td><td>the node id of callers that name none; processes that are given
 *   the same one take turns on it</td></tr>
 * </table>
 */
final class RecordedConfiguration {

    private static final String FOREVER = "forever";
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    @JsonProperty
    private @Nullable Boolean ledger;

    @JsonProperty
    private String keep = "24h";

    @JsonProperty
    private @Nullable Integer node;

    /**
     * Returns the settings.
     *
     * @throws IllegalArgumentException if they break a rule
     */
    RecordedSettings settings(NodeIdRange nodeIds) {
        OptionalInt chosen = node == null ? OptionalInt.empty() : OptionalInt.of(node);
        if (node != null && !nodeIds.contains(node)) {
            throw new IllegalArgumentException("node must be one of nodeIds %s, got %s".formatted(nodeIds, node));
        }
        return new RecordedSettings(Optional.ofNullable(ledger), keep(), chosen);
    }

    private Optional<Duration> keep() {
        if (keep.equals(FOREVER)) {
            return Optional.empty();
        }
        Duration duration = keepDuration();
        if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(RecordedIdGenerator.LONGEST_KEEP) > 0) {
            throw new IllegalArgumentException("keep must be from 1s to 36500d, or forever, got '" + keep + "'");
        }
        return Optional.of(duration);
    }

    private Duration keepDuration() {
        try {
            return Durations.parse(keep);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("keep " + e.getMessage() + ", or forever", e);
        }
    }
}
