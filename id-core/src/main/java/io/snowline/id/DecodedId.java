package io.snowline.id;

import java.time.Instant;
import java.util.Objects;

/**
 * The parts of an ID, as {@link IdLayout#decode} reads them.
 *
 * <p>Immutable and thread-safe.
 *
 * @param id the whole ID, 0 or more
 * @param timestamp the instant at which the ID's tick begins; bursts are stamped ahead of the clock, so it may be
 *     slightly later than the moment of issue
 * @param node the node id, 0 or more
 * @param sequence the counter within the tick, 0 or more
 */
public record DecodedId(long id, Instant timestamp, int node, long sequence) {

    /**
     * @throws IllegalArgumentException if a number is negative
     */
    public DecodedId {
        Objects.requireNonNull(timestamp, "timestamp");
        requireNotNegative("id", id);
        requireNotNegative("node", node);
        requireNotNegative("sequence", sequence);
    }

    private static void requireNotNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, got " + value);
        }
    }
}
