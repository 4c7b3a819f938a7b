package io.snowline.coordination.zookeeper;

import org.jspecify.annotations.Nullable;

/** Checks logins, and keeps secrets out of texts. */
final class Secrets {

    private Secrets() {}

    /**
     * Checks that a text, if there is one, is not empty: the value of a variable that was not set, say.
     *
     * @throws IllegalArgumentException if it is; the message shows the property's name alone
     */
    static @Nullable String requireNotEmpty(String property, @Nullable String value) {
        if (value != null && value.isEmpty()) {
            throw new IllegalArgumentException(property + " must not be empty; leave it out if there is none");
        }
        return value;
    }

    /** Returns {@code ***} for a secret, and null for none. */
    static @Nullable String mask(@Nullable String secret) {
        return secret == null ? null : "***";
    }
}
