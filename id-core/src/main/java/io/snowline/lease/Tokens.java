package io.snowline.lease;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Generates tokens: 128 random bits in hex. Thread-safe if its random generator is. */
public final class Tokens {

    private final RandomGenerator random;

    /** Creates a source of tokens from a source of random numbers. */
    public Tokens(RandomGenerator random) {
        this.random = random;
    }

    /** Returns a fresh token. */
    public String next() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }
}
