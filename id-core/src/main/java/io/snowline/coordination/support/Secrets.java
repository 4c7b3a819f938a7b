package io.snowline.coordination.support;

import org.jspecify.annotations.Nullable;

/** Checks texts of a configuration, and keeps secrets out of messages and logs. */
public final class Secrets {

    private Secrets() {}

    /**
     * Checks that a text, if there is one, is not empty, as the value of an environment variable that is not set may be.
     *
     * @return the text
     * @throws IllegalArgumentException if it is empty; the message shows the property's name alone
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
