package io.snowline.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.support.Names;
import io.snowline.id.IdLayout;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SnowflakeGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the {@code generators} block; its key is the namespace.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>mode</td><td>leased</td><td>{@code leased}: stamped in memory; {@code recorded}: every batch is recorded before
 *   it is handed out</td></tr>
 * <tr><td>recorded</td><td>see {@link RecordedConfiguration}</td><td>recorded mode only</td></tr>
 * <tr><td>epoch</td><td>2025-01-01T00:00:00Z</td><td>the instant of tick 0; fixed by the namespace's first process</td></tr>
 * <tr><td>layout</td><td>see {@link LayoutConfiguration}</td><td>how the bits are divided</td></tr>
 * <tr><td>lanes</td><td>1</td><td>node ids held at the same time, for more IDs per second than one gives; order then
 *   holds within a lane</td></tr>
 * <tr><td>nodeIds</td><td>all of the layout</td><td>this process' share of the node ids, such as {@code 0-511}</td></tr>
 * <tr><td>maxLead</td><td>1s</td><td>how far bursts may run ahead of the clock</td></tr>
 * <tr><td>maxWait</td><td>100ms; 1s in recorded mode</td><td>how long a call waits for IDs before it is refused</td></tr>
 * <tr><td>startAbove</td><td>none</td><td>no ID at or below this one is issued, for a column that already has IDs from
 *   elsewhere; at most {@code ahead} in the future</td></tr>
 * </table>
 *
 * <p>Not thread-safe.
 */
public class NamespaceConfiguration {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_LEAD = Duration.ofHours(1);
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})(?:\\s*-\\s*([0-9]{1,9}))?");

    @JsonProperty
    private String mode = IssuingMode.LEASED.text();

    @JsonProperty
    private RecordedConfiguration recorded = new RecordedConfiguration();

    @JsonProperty
    private String epoch = IdLayout.DEFAULT_EPOCH.toString();

    @JsonProperty
    private LayoutConfiguration layout = new LayoutConfiguration();

    @JsonProperty
    private int lanes = 1;

    @JsonProperty
    private @Nullable String nodeIds;

    @JsonProperty
    private Duration maxLead = Duration.ofSeconds(1);

    @JsonProperty
    private @Nullable Duration maxWait;

    @JsonProperty
    private @Nullable Long startAbove;

    /** Returns the settings; empty after adding the problems, if there are any. */
    final Optional<NamespaceSettings> settings(String namespace, Problems problems) {
        int before = problems.messages().size();
        problems.attempt(() -> Names.requireNamespace(namespace));
        checkNumbers(problems);
        Optional<IssuingMode> issuing = problems.attempt(() -> IssuingMode.of(mode));
        Optional<IdLayout> bits = problems.attempt(this::epoch).flatMap(instant -> layout(instant, problems));
        Optional<NodeIdRange> range = bits.flatMap(known -> problems.attempt(() -> range(known)));
        Optional<RecordedSettings> record =
                range.flatMap(known -> problems.at("recorded").attempt(() -> recorded.settings(known)));
        range.ifPresent(known -> problems.require(
                lanes <= known.size(),
                "lanes must be at most the number of nodeIds, %s, got %s".formatted(known.size(), lanes)));
        bits.ifPresent(known -> problems.attempt(() -> startAbove(known)));
        if (problems.messages().size() > before) {
            return Optional.empty();
        }
        return Optional.of(new NamespaceSettings(
                namespace,
                issuing.orElseThrow(),
                record.orElseThrow(),
                bits.orElseThrow(),
                lanes,
                range.orElseThrow(),
                maxLead,
                maxWait(),
                startAbove(bits.orElseThrow())));
    }

    private OptionalLong startAbove(IdLayout bits) {
        if (startAbove == null) {
            return OptionalLong.empty();
        }
        if (startAbove < 0 || startAbove > bits.lastId()) {
            throw new IllegalArgumentException(
                    "startAbove must be an ID of the layout, 0 to %s, got %s".formatted(bits.lastId(), startAbove));
        }
        return OptionalLong.of(startAbove);
    }

    private boolean recordedMode() {
        return mode.equals(IssuingMode.RECORDED.text());
    }

    private Duration maxWait() {
        if (maxWait != null) {
            return maxWait;
        }
        return recordedMode() ? RecordedIdGenerator.DEFAULT_MAX_WAIT : SnowflakeGenerator.DEFAULT_MAX_WAIT;
    }

    private void checkNumbers(Problems problems) {
        problems.require(lanes >= 1, "lanes must be at least 1, got " + lanes);
        problems.require(lanes <= 1 || !recordedMode(), "lanes must be 1 in recorded mode, got " + lanes);
        checkDuration("maxLead", maxLead, LONGEST_LEAD, problems);
        checkDuration("maxWait", maxWait(), LONGEST_WAIT, problems);
    }

    /**
     * Adds a problem if a duration is shorter than 1 ms, or too long.
     *
     * @param name the key
     * @param longest the longest that is allowed
     */
    protected static void checkDuration(String name, Duration value, Duration longest, Problems problems) {
        problems.require(
                value.compareTo(SHORTEST) >= 0 && value.compareTo(longest) <= 0,
                "%s must be from 1 ms to %s, got %s".formatted(name, longest, value));
    }

    private Instant epoch() {
        Instant instant;
        try {
            instant = Instant.parse(epoch);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "epoch must be an instant such as 2025-01-01T00:00:00Z, got '" + epoch + "'", e);
        }
        if (instant.isAfter(Instant.now())) {
            throw new IllegalArgumentException("epoch must not be in the future, got " + instant);
        }
        return instant;
    }

    private Optional<IdLayout> layout(Instant instant, Problems problems) {
        return problems.at("layout").attempt(() -> {
            IdLayout bits = layout.layout(instant);
            if (bits.timeLeft(Instant.now()).isZero()) {
                throw new IllegalArgumentException("must not have ended yet with epoch %s, but ended at %s"
                        .formatted(instant, bits.scale().end()));
            }
            return bits;
        });
    }

    private NodeIdRange range(IdLayout bits) {
        NodeIdRange all = new NodeIdRange(0, bits.nodeCount() - 1);
        if (nodeIds == null) {
            return all;
        }
        Matcher matcher = RANGE.matcher(nodeIds.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("nodeIds must be a range such as 0-1023, got '" + nodeIds + "'");
        }
        int first = Integer.parseInt(matcher.group(1));
        int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
        if (last < first || last > all.last()) {
            throw new IllegalArgumentException(
                    "nodeIds must be a range within the layout's %s, got '%s'".formatted(all, nodeIds));
        }
        return new NodeIdRange(first, last);
    }
}
