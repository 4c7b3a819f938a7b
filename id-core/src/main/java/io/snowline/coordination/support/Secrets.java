package io.snowline.coordination.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks configured texts, and keeps secrets out of messages and logs. Thread-safe. */
public final class Secrets {

    private static final Pattern END_OF_LINE = Pattern.compile("\\R\\z");

    private Secrets() {}

    /**
     * Checks that a text, if present, is not empty, as the value of an unset environment variable may be.
     *
     * @return the text
     * @throws IllegalArgumentException if it is empty; the message contains only the property's name
     */
    public static @Nullable String requireNotEmpty(String property, @Nullable String value) {
        if (value != null && value.isEmpty()) {
            throw new IllegalArgumentException(property + " must not be empty; leave it out if there is none");
        }
        return value;
    }

    /**
     * Returns a source of a password that is given as it is, or in a file, which is read at once.
     *
     * @param property the password's name in messages; that of the file has {@code File} at the end
     * @throws IllegalArgumentException as {@link #read}
     */
    public static PasswordSource source(String property, @Nullable String password, @Nullable String file) {
        return new PasswordSource(property, password, file);
    }

    /**
     * Returns a password that is given as it is, or in a file; the end of its last line does not belong to it.
     *
     * @param property the password's name in messages; that of the file has {@code File} at the end
     * @return null for none
     * @throws IllegalArgumentException if both are given, or the file cannot be read or is empty; the message shows
     *     the file's path, and nothing of what it holds
     */
    public static @Nullable String read(String property, @Nullable String password, @Nullable String file) {
        if (file == null) {
            return password;
        }
        if (password != null) {
            throw new IllegalArgumentException(
                    "only one of %s and %sFile must be set, got both".formatted(property, property));
        }
        String content;
        try {
            content = Files.readString(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(
                    "%sFile must be a text file that this process may read, got '%s': %s"
                            .formatted(property, file, e.getClass().getSimpleName()),
                    e);
        }
        String read = END_OF_LINE.matcher(content).replaceFirst("");
        if (read.isEmpty()) {
            throw new IllegalArgumentException(
                    "%sFile must hold the password, got '%s', which is empty".formatted(property, file));
        }
        return read;
    }

    /** Returns a URI, or another address, without the password that it may have, however malformed it is. */
    public static String maskLogin(String text) {
        int at = text.lastIndexOf('@');
        int start = text.indexOf("://") + 3;
        if (at < 0 || start < 3 || start > at) {
            return at < 0 ? text : "***" + text.substring(at);
        }
        int colon = text.indexOf(':', start);
        boolean withUser = colon >= 0 && colon < at;
        return text.substring(0, withUser ? colon + 1 : start) + "***" + text.substring(at);
    }

    /** Returns {@code ***} for a secret, and null for none. */
    public static @Nullable String mask(@Nullable String secret) {
        return secret == null ? null : "***";
    }
}
