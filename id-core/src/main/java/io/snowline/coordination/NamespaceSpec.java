package io.snowline.coordination;

import io.snowline.time.TickScale;
import java.util.regex.Pattern;

/**
 * What this process is configured to find, or to fix, in the coordinator for one namespace.
 *
 * <p>Immutable; threads may share it.
 *
 * @param name the namespace: 1 to 64 letters, digits, {@code .}, {@code _} and {@code -}, starting with a letter or digit
 * @param layout the layout in its canonical form; two processes with different ones are kept apart
 * @param scale epoch, tick and the bits of a position
 * @param mode how IDs are issued
 * @param nodeIds the node ids that this process may take; within the layout
 */
public record NamespaceSpec(String name, String layout, TickScale scale, IssuingMode mode, NodeIdRange nodeIds) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /**
     * @throws IllegalArgumentException if the name has other characters, or is too long
     */
    public NamespaceSpec {
        requireName(name);
    }

    /**
     * Checks the name of a namespace.
     *
     * @return the name
     * @throws IllegalArgumentException if it has other characters than allowed, or is too long
     */
    public static String requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "namespace must be 1 to 64 letters, digits, '.', '_' or '-', starting with a"
                            + " letter or digit, got '" + name + "'");
        }
        return name;
    }
}
