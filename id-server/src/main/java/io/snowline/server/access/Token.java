package io.snowline.server.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A token that opens a namespace, as its SHA-256. It is written as {@code <token>} or {@code sha256:<64 hex digits>},
 * either with a name before it: {@code billing: <token>}.
 *
 * <p>Immutable and thread-safe; neither its text nor a message shows the token.
 */
public final class Token {

    private static final int SHORTEST = 8;
    private static final int LONGEST = 256;
    private static final String HASHED = "sha256:";
    private static final Pattern TEXT = Pattern.compile("[!-~]{8,256}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern NAMED = Pattern.compile("([^\\s:]*):\\s+(\\S.*)");

    private final String name;
    private final byte[] hash;

    private Token(String name, byte[] hash) {
        this.name = name;
        this.hash = hash;
    }

    /**
     * Reads a token.
     *
     * @throws IllegalArgumentException if it breaks a rule; the message does not contain it
     */
    public static Token parse(String text) {
        Matcher matcher = NAMED.matcher(text);
        return matcher.matches() ? named(matcher.group(1), matcher.group(2)) : new Token("", hash(text));
    }

    /**
     * Reads a token that has a name.
     *
     * @throws IllegalArgumentException if name or token breaks a rule; the message contains neither
     */
    public static Token named(String name, String text) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a token's name must be 1 to 64 letters, digits, dashes and underscores; one is not");
        }
        return new Token(name, hash(text));
    }

    private static byte[] hash(String text) {
        if (text.startsWith(HASHED)) {
            return unhex(text.substring(HASHED.length()));
        }
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "each must be %s to %s printable ASCII characters without blanks, got one of %s that is not"
                            .formatted(SHORTEST, LONGEST, text.length()));
        }
        return sha256(text);
    }

    private static byte[] unhex(String hex) {
        if (!hex.matches("[0-9A-Fa-f]{64}")) {
            throw new IllegalArgumentException(
                    "each hash must be sha256: and 64 hex digits, got one of %s characters".formatted(hex.length()));
        }
        return HexFormat.of().parseHex(hex);
    }

    /** Returns the SHA-256 of what a client sent. */
    public static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** Returns the name; empty if it has none. */
    public String name() {
        return name;
    }

    /** Returns what tells clients apart: the name, or the hash of a token without one. */
    String client() {
        return name.isEmpty() ? HASHED + HexFormat.of().formatHex(hash) : name;
    }

    /** Tells whether a client sent this token, in a time that does not depend on what it sent. */
    public boolean matches(byte[] sha256) {
        return MessageDigest.isEqual(hash, sha256);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Token token && name.equals(token.name) && matches(token.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hash);
    }

    @Override
    public String toString() {
        return name.isEmpty() ? "a token" : "token of " + name;
    }
}
