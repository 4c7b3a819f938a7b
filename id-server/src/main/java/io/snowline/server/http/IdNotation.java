package io.snowline.server.http;

import io.snowline.id.IdFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How IDs are written: the values of {@code format}. */
enum IdNotation {
    /** Decimal digits; in JSON a string, because JavaScript's numbers cannot hold 19 digits. */
    DECIMAL("decimal"),
    /** Decimal digits; in JSON a number. */
    NUMBER("decimal"),
    HEX("hex"),
    BASE62("base62"),
    /** Crockford's base 32. */
    BASE32("base32");

    private static final List<IdNotation> ALL = List.of(values());
    private static final byte[] NOTHING = {};
    private static final byte[] LINE_END = {'\n'};
    private static final byte[] COMMA = {','};
    private static final byte[] QUOTE = {'"'};
    private static final byte[] QUOTE_AND_COMMA = {'"', ','};

    private final IdFormat format;
    private final String text = name().toLowerCase(Locale.ROOT);

    IdNotation(String name) {
        format = IdFormat.of(name);
    }

    /**
     * Returns the notation that a request asks for; decimal by default.
     *
     * @throws RefusedRequestException if there is none of that name
     */
    static IdNotation of(QueryParameters query) {
        Optional<String> name = query.value("format");
        return name.isEmpty() ? DECIMAL : of(name.get());
    }

    static IdNotation of(String name) {
        for (IdNotation notation : ALL) {
            if (notation.text.equals(name)) {
                return notation;
            }
        }
        throw RefusedRequestException.badRequest(
                "format must be one of %s, got %s".formatted(names(), ErrorBody.quote(name)));
    }

    private static String names() {
        return ALL.stream().map(notation -> notation.text).collect(Collectors.joining(", "));
    }

    /** Returns how many characters an ID takes at most, in JSON. */
    int longest() {
        return format.maxLength() + 2;
    }

    /** Writes IDs, one per line, and returns the offset after the last. */
    int writeLines(long[] ids, int count, byte[] target, int offset) {
        return format.write(ids, count, NOTHING, LINE_END, target, offset);
    }

    /** Writes IDs as in JSON, each followed by a comma, and returns the offset after the last. */
    int writeJson(long[] ids, int count, byte[] target, int offset) {
        return this == NUMBER
                ? format.write(ids, count, NOTHING, COMMA, target, offset)
                : format.write(ids, count, QUOTE, QUOTE_AND_COMMA, target, offset);
    }

    /** Returns an ID as in JSON. */
    String json(long id) {
        return this == NUMBER ? format.format(id) : '"' + format.format(id) + '"';
    }

    /**
     * Reads an ID.
     *
     * @throws RefusedRequestException if the text is not an ID in this notation
     */
    long parse(String id) {
        try {
            return format.parse(id);
        } catch (IllegalArgumentException e) {
            throw RefusedRequestException.badRequest(String.valueOf(e.getMessage()));
        }
    }
}
