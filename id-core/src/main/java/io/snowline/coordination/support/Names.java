package io.snowline.coordination.support;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The rules for names of namespaces, node ids, locks and tokens; they are the same for every backend.
 *
 * <p>Thread-safe.
 */
public final class Names {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,256}");
    private static final Pattern NODE = Pattern.compile("0|[1-9][0-9]{0,9}");

    private Names() {}

    /**
     * Checks the name of a namespace: 1 to 64 letters, digits, {@code .}, {@code _} and {@code -}, starting with a letter or
     * digit.
     *
     * @return the name
     * @throws IllegalArgumentException if it breaks the rule
     */
    public static String requireNamespace(String name) {
        return require("namespace", name);
    }

    /**
     * Checks the name of a lock, by the rule for {@linkplain #requireNamespace namespaces}.
     *
     * @return the name
     * @throws IllegalArgumentException if it breaks the rule
     */
    public static String requireLock(String name) {
        return require("lock name", name);
    }

    private static String require(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "%s must be 1 to 64 letters, digits, '.', '_' or '-', starting with a letter or digit, got '%s'"
                            .formatted(what, name));
        }
        return name;
    }

    /**
     * Checks the token that identifies the holder of a lock: 1 to 256 printable ASCII characters without blanks.
     *
     * @return the token
     * @throws IllegalArgumentException if it breaks the rule
     */
    public static String requireToken(String token) {
        if (!TOKEN.matcher(token).matches()) {
            throw new IllegalArgumentException(
                    "lock token must be 1 to 256 printable ASCII characters without blanks, got '%s'"
                            .formatted(token.replaceAll("[^ -~]", "?")));
        }
        return token;
    }

    /**
     * Parses a node id as written by {@code Integer.toString}.
     *
     * @return empty if the text is anything else
     */
    public static OptionalInt node(String text) {
        if (!NODE.matcher(text).matches()) {
            return OptionalInt.empty();
        }
        long node = Long.parseLong(text);
        return node <= Integer.MAX_VALUE ? OptionalInt.of((int) node) : OptionalInt.empty();
    }
}
