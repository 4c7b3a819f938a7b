package io.snowline.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;

/** Reads durations as Dropwizard users write them. Stateless and thread-safe. */
public final class Durations {

    private Durations() {}

    /**
     * Reads a duration: a number and a unit, as in {@code 500ms}, {@code 30s} or {@code 24h}, or ISO 8601.
     *
     * @throws IllegalArgumentException if the text is neither, or too long a duration to be represented
     */
    public static Duration parse(String text) {
        try {
            return text.startsWith("P")
                    ? Duration.parse(text)
                    : io.dropwizard.util.Duration.parse(text).toJavaDuration();
        } catch (IllegalArgumentException | DateTimeParseException | ArithmeticException e) {
            throw new IllegalArgumentException("must be a duration such as 500ms, 30s or 24h, got '" + text + "'", e);
        }
    }
}
