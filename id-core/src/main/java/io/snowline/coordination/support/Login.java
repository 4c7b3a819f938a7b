package io.snowline.coordination.support;

import org.jspecify.annotations.Nullable;

/**
 * A user name and a password, both optional. A password that is in a file is read again each time. Thread-safe; its text
 * never shows the password.
 */
public final class Login {

    private final @Nullable String username;
    private final PasswordSource password;

    private Login(@Nullable String username, PasswordSource password) {
        this.username = username;
        this.password = password;
    }

    /**
     * Creates a login whose password does not change.
     *
     * @param username the name; null for the backend's default user, or for none
     * @param password the password; null for none
     */
    public Login(@Nullable String username, @Nullable String password) {
        this(username, new PasswordSource("password", password, null));
    }

    /** Returns the name; null for the backend's default user, or for none. */
    public @Nullable String username() {
        return username;
    }

    /** Returns the password as it is now; null for none. */
    public @Nullable String password() {
        return password.now();
    }

    /**
     * Creates a login for a backend where a password alone belongs to a default user.
     *
     * @param block the prefix of the settings' names in messages, such as {@code sentinel.}; empty for none
     * @throws IllegalArgumentException if there is a name without a password
     */
    public static Login withDefaultUser(String block, @Nullable String username, PasswordSource password) {
        if (username != null && password.now() == null) {
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
    public static Login ofBothOrNeither(@Nullable String username, PasswordSource password) {
        if (username == null && password.now() != null) {
            throw new IllegalArgumentException("username must be set, because password is");
        }
        return withDefaultUser("", username, password);
    }

    /** Tells whether there is neither a name nor a password. */
    public boolean isNone() {
        return username == null && password.now() == null;
    }

    /** Returns the user, for messages: {@code user 'ids'}, {@code the default user}, or {@code no user}. */
    @Override
    public String toString() {
        if (username != null) {
            return "user '" + username + "'";
        }
        return password.now() == null ? "no user" : "the default user";
    }
}
