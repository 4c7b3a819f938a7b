package io.snowline.server.config;

import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.NodeIdRange;
import io.snowline.id.IdLayout;
import java.time.Duration;
import java.util.List;

/**
 * One entry of the {@code generators} block, checked.
 *
 * <p>Immutable; threads may share it.
 *
 * @param namespace the namespace
 * @param mode how IDs are issued
 * @param recorded what counts in recorded mode only
 * @param layout how the bits are divided, and the epoch
 * @param lanes the number of node ids held at once
 * @param nodeIds the node ids that this server may use
 * @param maxLead how far bursts may run ahead of the time
 * @param maxWait how long a request waits for IDs
 * @param maxBatch the most IDs that one request may ask for
 * @param tokens those that may ask; empty: everybody. Secrets
 */
public record GeneratorSettings(
        String namespace,
        IssuingMode mode,
        RecordedSettings recorded,
        IdLayout layout,
        int lanes,
        NodeIdRange nodeIds,
        Duration maxLead,
        Duration maxWait,
        int maxBatch,
        List<String> tokens) {

    public GeneratorSettings {
        tokens = List.copyOf(tokens);
    }

    /** Tells whether node ids are leased; the alternative is recorded mode. */
    public boolean leased() {
        return mode == IssuingMode.LEASED;
    }

    /** Returns a text for people, without the tokens. */
    @Override
    public String toString() {
        return "%s (%s, %s, node ids %s)".formatted(namespace, mode.text(), layout.descriptor(), nodeIds);
    }
}
