package io.snowline.coordination.redis;

import org.jspecify.annotations.Nullable;

/**
 * User and password, either or both of which may be left out: a password alone is that of the default user.
 *
 * @param block what stands before the settings' names in messages
 */
record Login(String block, @Nullable String user, @Nullable String password) {

    /**
     * @throws IllegalArgumentException if there is a user without a password
     */
    Login {
        if (user != null && password == null) {
            throw new IllegalArgumentException(
                    "%spassword must be set, because %susername is: '%s'".formatted(block, block, user));
        }
    }

    @Override
    public String toString() {
        return "Login[user=%s, password=%s]".formatted(user, Secrets.mask(password));
    }
}
