package io.snowline.server.audit;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Something that IDs are read from, once and from its beginning to its end.
 *
 * <p>Immutable; threads may share it, but not what it opens.
 *
 * @param name how the report calls it
 * @param opener opens it
 */
public record Input(String name, Opener opener) {

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

    /** Returns a file as an input; a pipe will do, because it is read once. */
    public static Input file(String path) {
        return new Input(path, () -> new FileInputStream(path));
    }

    /** Returns the standard input of this process. */
    public static Input standard() {
        return new Input("standard input", () -> System.in);
    }
}
