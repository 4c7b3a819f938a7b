package io.snowline.coordination.etcd;

import org.jspecify.annotations.Nullable;

/** User and password, both or neither. */
record Login(@Nullable String user, @Nullable String password) {

    /**
     * @throws IllegalArgumentException if there is one without the other
     */
    Login {
        if (user != null && password == null) {
            throw new IllegalArgumentException("password must be set, because user is: '%s'".formatted(user));
        }
        if (user == null && password != null) {
            throw new IllegalArgumentException("user must be set, because password is");
        }
    }

    @Override
    public String toString() {
        return "Login[user=%s, password=%s]".formatted(user, Secrets.mask(password));
    }
}
