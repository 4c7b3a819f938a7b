package io.snowline.coordination;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Makes tokens: 128 random bits in hex. Safe for use by many threads if its source is. */
final class Tokens {

    private final RandomGenerator random;

    Tokens(RandomGenerator random) {
        this.random = random;
    }

    String next() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }
}
