package io.snowline.coordination.support;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A password as it is now. One that is in a file is read again whenever it is asked for, so that it can be exchanged
 * while the process runs; while the file is broken, the password is what it was, and the log says so once.
 *
 * <p>Thread-safe; its text does not show the password.
 */
public final class PasswordSource {

    private static final Logger LOG = System.getLogger(PasswordSource.class.getName());

    private final String property;
    private final @Nullable String file;
    private volatile @Nullable String latest;
    private volatile boolean broken;

    /**
     * @param property the password's name in messages
     * @param file null if it never changes
     */
    PasswordSource(String property, @Nullable String password, @Nullable String file) {
        this.property = property;
        this.file = file;
        this.latest = Secrets.read(property, password, file);
    }

    /** Returns the password; null for none. */
    public @Nullable String now() {
        if (file != null) {
            read(file);
        }
        return latest;
    }

    private void read(String path) {
        try {
            latest = Secrets.read(property, null, path);
            broken = false;
        } catch (IllegalArgumentException e) {
            if (!broken) {
                broken = true;
                LOG.log(Level.WARNING, "The password remains what it was: {0}", e.getMessage());
            }
        }
    }

    @Override
    public String toString() {
        return property + (file == null ? "" : " in " + file);
    }
}
