package io.snowline.config;

import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.NodeIdRange;
import io.snowline.id.IdLayout;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * One entry of the {@code generators} block, checked.
 *
 * <p>Immutable and thread-safe.
 *
 * @param namespace the namespace
 * @param mode how IDs are issued
 * @param recorded the settings of recorded mode
 * @param layout how the bits are divided, and the epoch
 * @param lanes the number of node ids held at the same time
 * @param nodeIds the node ids that this process may use
 * @param maxLead how far bursts may run ahead of the clock
 * @param maxWait how long a request waits for IDs
 * @param startAbove an ID above which all that this process issues lie; empty for no such limit
 */
public record NamespaceSettings(
        String namespace,
        IssuingMode mode,
        RecordedSettings recorded,
        IdLayout layout,
        int lanes,
        NodeIdRange nodeIds,
        Duration maxLead,
        Duration maxWait,
        OptionalLong startAbove) {

    /** Tells whether node ids are leased; the alternative is recorded mode. */
    public boolean leased() {
        return mode == IssuingMode.LEASED;
    }

    /** Returns a description for people. */
    @Override
    public String toString() {
        return "%s (%s, %s, node ids %s)".formatted(namespace, mode.text(), layout.descriptor(), nodeIds);
    }
}
