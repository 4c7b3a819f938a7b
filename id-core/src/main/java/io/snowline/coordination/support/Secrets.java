package io.snowline.coordination.support;

import org.jspecify.annotations.Nullable;

/** Checks configured texts, and keeps secrets out of messages and logs. Thread-safe. */
public final class Secrets {

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

    /** Returns {@code ***} for a secret, and null for none. */
    public static @Nullable String mask(@Nullable String secret) {
        return secret == null ? null : "***";
    }
}
