package io.snowline.coordination.support;

import org.jspecify.annotations.Nullable;

/**
 * A user name and a password, both optional. Immutable and thread-safe; its text never shows the password.
 *
 * @param username the name; null for the backend's default user, or for none
 * @param password the password; null for none
 */
public record Login(@Nullable String username, @Nullable String password) {

    /**
     * Creates a login for a backend where a password alone belongs to a default user.
     *
     * @param block the prefix of the settings' names in messages, such as {@code sentinel.}; empty for none
     * @throws IllegalArgumentException if there is a name without a password
     */
    public static Login withDefaultUser(String block, @Nullable String username, @Nullable String password) {
        if (username != null && password == null) {
            throw new IllegalArgumentException(
                    "%spassword must be set, because %susername is: '%s'".formatted(block, block, username));
        }
        return new Login(username, password);
    }

    /**
     * Creates a login for a backend that has no default user.
     *
     * @throws IllegalArgumentException if there is a name without a password, or a password without a name
     */
    public static Login ofBothOrNeither(@Nullable String username, @Nullable String password) {
        if (username == null && password != null) {
            throw new IllegalArgumentException("username must be set, because password is");
        }
        return withDefaultUser("", username, password);
    }

    /** Tells whether there is neither a name nor a password. */
    public boolean isNone() {
        return username == null && password == null;
    }

    /** Returns the user, for messages: {@code user 'ids'}, {@code the default user}, or {@code no user}. */
    @Override
    public String toString() {
        if (username != null) {
            return "user '" + username + "'";
        }
        return password == null ? "no user" : "the default user";
    }
}
