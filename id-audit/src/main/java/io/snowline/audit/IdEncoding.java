package io.snowline.audit;

import io.snowline.id.IdFormat;
import java.io.InputStream;
import java.util.Optional;

/**
 * How an input holds IDs: as text, one per line, in one of the formats; or in binary, 8 bytes each.
 *
 * <p>Immutable and thread-safe.
 */
public final class IdEncoding {

    private static final String BINARY = "binary";

    private final Optional<IdFormat> format;

    private IdEncoding(Optional<IdFormat> format) {
        this.format = format;
    }

    /**
     * Returns the encoding with a name.
     *
     * @param name {@code binary}, or that of a text format
     * @throws IllegalArgumentException if there is none with that name
     */
    public static IdEncoding of(String name) {
        return new IdEncoding(name.equals(BINARY) ? Optional.empty() : Optional.of(IdFormat.of(name)));
    }

    IdReader reader(InputStream input) {
        return format.<IdReader>map(text -> new TextIds(input, text)).orElseGet(() -> new BinaryIds(input));
    }

    /** Returns where the ID with an index stands, as text for messages. */
    String place(long index) {
        return format.isPresent() ? "line " + (index + 1) : "byte " + index * Long.BYTES;
    }

    /** Writes an ID as it stands in the input; in decimal if the input is binary. */
    String write(long id) {
        return format.orElse(IdFormat.DECIMAL).format(id);
    }

    @Override
    public String toString() {
        return format.map(IdFormat::formatName).orElse(BINARY);
    }
}
