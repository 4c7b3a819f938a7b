package io.snowline.audit;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A source of IDs, read once from beginning to end.
 *
 * <p>Immutable and thread-safe, but not what it opens.
 *
 * @param name its name in the report
 * @param opener opens it
 * @param octets its size in octets; negative if that is not known
 */
public record Input(String name, Opener opener, long octets) {

    private static final long UNKNOWN = -1;

    /** A source of unknown size. */
    public Input(String name, Opener opener) {
        this(name, opener, UNKNOWN);
    }

    /** Opens an input. */
    @FunctionalInterface
    public interface Opener {

        /**
         * Returns the bytes; the caller closes them.
         *
         * @throws IOException if there is nothing to read there
         */
        InputStream open() throws IOException;
    }

    /** Returns a file as an input; a pipe works, too, because it is read once. */
    public static Input file(String path) {
        File file = new File(path);
        return new Input(path, () -> new FileInputStream(file), file.isFile() ? file.length() : UNKNOWN);
    }

    /** Returns the standard input of this process. */
    public static Input standard() {
        return new Input("standard input", () -> System.in);
    }
}
