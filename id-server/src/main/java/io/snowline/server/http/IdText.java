package io.snowline.server.http;

import io.snowline.id.IdLayout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** IDs as text, for the command line: read and shown exactly as over HTTP. */
public final class IdText {

    private IdText() {}

    /**
     * Returns what an ID contains, as JSON.
     *
     * @throws IllegalArgumentException if there is no such format, or the text is not an ID in it
     */
    public static String decode(String text, String format, IdLayout layout) {
        try {
            IdNotation notation = IdNotation.of(format);
            long id = notation.parse(text);
            return new String(
                    DecodedText.json(layout.decode(id), notation, Optional.empty()), StandardCharsets.US_ASCII);
        } catch (RefusedRequestException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Returns the smallest and the largest ID of a stretch of time, as JSON.
     *
     * @throws IllegalArgumentException if there is no such format, an instant cannot be read or lies outside the layout,
     *     or the second is before the first
     */
    public static String times(String from, String to, String format, IdLayout layout) {
        try {
            return TimesText.json(from, to, IdNotation.of(format), layout);
        } catch (RefusedRequestException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
