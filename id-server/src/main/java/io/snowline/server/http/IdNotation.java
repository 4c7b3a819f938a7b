package io.snowline.server.http;

import io.snowline.id.IdFormat;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How IDs are written: the values of {@code format}. */
enum IdNotation {
    /** Decimal digits; in JSON a string, because 19 digits do not fit JavaScript's numbers. */
    DECIMAL("decimal"),
    /** Decimal digits; in JSON a number. */
    NUMBER("decimal"),
    HEX("hex"),
    BASE62("base62"),
    /** Crockford's base 32. */
    BASE32("base32");

    private final IdFormat format;

    IdNotation(String name) {
        format = IdFormat.of(name);
    }

    /**
     * Returns the notation that a request asks for, by default decimal.
     *
     * @throws RefusedRequestException if there is none of that name
     */
    static IdNotation of(QueryParameters query) {
        Optional<String> name = query.value("format");
        return name.isEmpty() ? DECIMAL : of(name.get());
    }

    static IdNotation of(String name) {
        return Arrays.stream(values())
                .filter(notation -> notation.text().equals(name))
                .findFirst()
                .orElseThrow(() -> RefusedRequestException.badRequest(
                        "format must be one of %s, got %s".formatted(names(), ErrorBody.quote(name))));
    }

    private static String names() {
        return Arrays.stream(values()).map(IdNotation::text).collect(Collectors.joining(", "));
    }

    private String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Tells whether JSON shows an ID as a string. */
    boolean quoted() {
        return this != NUMBER;
    }

    /** Writes an ID. */
    void appendTo(StringBuilder target, long id) {
        if (this == DECIMAL || this == NUMBER) {
            target.append(id);
        } else {
            target.append(format.format(id));
        }
    }

    /**
     * Reads an ID.
     *
     * @throws RefusedRequestException if the text is no ID in this notation
     */
    long parse(String id) {
        try {
            return format.parse(id);
        } catch (IllegalArgumentException e) {
            throw RefusedRequestException.badRequest(String.valueOf(e.getMessage()));
        }
    }
}
