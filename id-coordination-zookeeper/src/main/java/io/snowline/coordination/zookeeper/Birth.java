package io.snowline.coordination.zookeeper;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Distinguishes a namespace from another of the same name that is made after it was deleted: a random text, drawn when
 * its znodes are made. It is the data of the parent of the node records, where it is read, and part of the name of a
 * {@linkplain Znodes#marker marker}, which is made in the same transaction and never again.
 *
 * <p>Every step checks in its transaction that the marker of the birth it has read still exists. Data versions alone
 * would not do, since they begin at 0 again.
 *
 * @param text the random text; empty while there is none, as in a namespace that an older release made
 * @param version the data version of the parent of the node records; empty if that znode does not exist
 */
record Birth(Optional<String> text, OptionalInt version) {

    static final Birth NONE = new Birth(Optional.empty(), OptionalInt.empty());

    private static final Pattern TEXT = Pattern.compile("[0-9a-f]{32}");

    /**
     * @throws IllegalArgumentException if the text is not one that {@link #draw} returns
     */
    Birth {
        text.ifPresent(drawn -> {
            if (!TEXT.matcher(drawn).matches()) {
                throw new IllegalArgumentException("it is not written as Snowline writes it");
            }
        });
    }

    /** Returns a text that was never drawn before. */
    static String draw() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
