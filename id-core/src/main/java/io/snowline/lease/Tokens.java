package io.snowline.lease;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Makes tokens: 128 random bits in hex. Safe for use by many threads if its source is. */
public final class Tokens {

    private final RandomGenerator random;

    /** Makes a source of tokens from a source of random numbers. */
    public Tokens(RandomGenerator random) {
        this.random = random;
    }

    /** Returns a fresh token. */
    public String next() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }
}
