package io.snowline.server.config;

import io.snowline.config.NamespaceSettings;
import io.snowline.coordination.IssuingMode;
import io.snowline.id.IdLayout;
import io.snowline.server.access.TokenSettings;
import java.time.Duration;

/**
 * One entry of the {@code generators} block, checked.
 *
 * <p>Immutable and thread-safe.
 *
 * @param common what every generator has
 * @param maxBatch the most IDs that one request may ask for
 * @param maxRange the most positions in one range
 * @param rangeGoodFor how old a range may get before its IDs are older than their users expect
 * @param tokens a request needs one of them; if there are none, every client may ask
 */
public record GeneratorSettings(
        NamespaceSettings common, int maxBatch, int maxRange, Duration rangeGoodFor, TokenSettings tokens) {

    /** Returns the namespace. */
    public String namespace() {
        return common.namespace();
    }

    /** Returns how IDs are issued. */
    public IssuingMode mode() {
        return common.mode();
    }

    /** Tells whether node ids are leased; the alternative is recorded mode. */
    public boolean leased() {
        return common.leased();
    }

    /** Returns how the bits are divided, and the epoch. */
    public IdLayout layout() {
        return common.layout();
    }

    /** Returns how long a request waits for IDs. */
    public Duration maxWait() {
        return common.maxWait();
    }

    /** Returns a description for people, without the tokens. */
    @Override
    public String toString() {
        return common.toString();
    }
}
