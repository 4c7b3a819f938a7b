package io.snowline.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query, read strictly: percent-encoded UTF-8, where a plus sign is a plus sign.
 *
 * <p>Immutable and thread-safe.
 */
final class QueryParameters {

    private static final QueryParameters NONE = new QueryParameters(0);

    private final String[] names;
    private final String[] values;

    private QueryParameters(int count) {
        names = new String[count];
        values = new String[count];
    }

    /**
     * Reads a raw query.
     *
     * @throws RefusedRequestException if its percent-encoding is broken
     */
    static QueryParameters parse(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return NONE;
        }
        QueryParameters parameters = new QueryParameters(count(query));
        int from = 0;
        for (int i = 0; i < parameters.names.length; i++) {
            int end = query.indexOf('&', from);
            end = end < 0 ? query.length() : end;
            parameters.read(i, query, from, end);
            from = end + 1;
        }
        return parameters;
    }

    private static int count(String query) {
        int count = 1;
        for (int at = query.indexOf('&'); at >= 0; at = query.indexOf('&', at + 1)) {
            count++;
        }
        return count;
    }

    private void read(int index, String query, int from, int end) {
        int equals = query.indexOf('=', from);
        boolean named = equals >= 0 && equals < end;
        names[index] = decode(query.substring(from, named ? equals : end));
        values[index] = named ? decode(query.substring(equals + 1, end)) : "";
    }

    /**
     * Returns the value of a parameter; empty if it is missing.
     *
     * @throws RefusedRequestException if it is given more than once
     */
    Optional<String> value(String name) {
        int first = next(name, 0);
        if (first == names.length) {
            return Optional.empty();
        }
        int second = next(name, first + 1);
        if (second < names.length) {
            throw repeated(name, first, second);
        }
        return Optional.of(values[first]);
    }

    /** Returns the index of a parameter, searching from an index on; the number of parameters if there is none. */
    private int next(String name, int from) {
        int index = from;
        while (index < names.length && !names[index].equals(name)) {
            index++;
        }
        return index;
    }

    private RefusedRequestException repeated(String name, int first, int second) {
        long times = Arrays.stream(names).filter(name::equals).count();
        return RefusedRequestException.badRequest("%s must be given once, got %s values: %s and %s"
                .formatted(name, times, ErrorBody.quote(values[first]), ErrorBody.quote(values[second])));
    }

    /**
     * Makes sure that a parameter is missing.
     *
     * @throws RefusedRequestException if it is given
     */
    void refuse(String name, String rule) {
        int index = next(name, 0);
        if (index < names.length) {
            throw RefusedRequestException.badRequest(
                    "%s %s, got %s".formatted(name, rule, ErrorBody.quote(values[index])));
        }
    }

    /**
     * Makes sure that every parameter is one of some.
     *
     * @throws RefusedRequestException if another one is given
     */
    void requireOnly(List<String> known) {
        for (String name : names) {
            if (!name.isEmpty() && !known.contains(name)) {
                throw RefusedRequestException.badRequest(
                        "parameters must be among %s, got %s".formatted(known, ErrorBody.quote(name)));
            }
        }
    }

    private static String decode(String encoded) {
        if (encoded.indexOf('%') < 0) {
            return encoded;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes(encoded)).toString();
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw RefusedRequestException.badRequest(
                    "the query must be percent-encoded UTF-8, got " + ErrorBody.quote(encoded));
        }
    }

    private static ByteBuffer bytes(String encoded) {
        byte[] raw = encoded.getBytes(StandardCharsets.UTF_8);
        ByteBuffer decoded = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                decoded.put(raw[i]);
            } else if (i + 2 < raw.length) {
                decoded.put((byte) (HexFormat.fromHexDigit(raw[i + 1]) << 4 | HexFormat.fromHexDigit(raw[i + 2])));
                i += 2;
            } else {
                throw new IllegalArgumentException("a percent sign must be followed by two hex digits");
            }
        }
        return decoded.flip();
    }
}
