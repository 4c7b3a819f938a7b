package io.snowline.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query, read strictly: percent-encoded UTF-8, where a plus sign is a plus sign.
 *
 * <p>Immutable; threads may share it.
 */
final class QueryParameters {

    private static final QueryParameters NONE = new QueryParameters(Map.of());

    private final Map<String, List<String>> values;

    private QueryParameters(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Reads a query as it came.
     *
     * @throws RefusedRequestException if its percent-encoding is broken
     */
    static QueryParameters parse(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return NONE;
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            values.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
        }
        return new QueryParameters(values);
    }

    /**
     * Returns the value of a parameter, or nothing when it is missing.
     *
     * @throws RefusedRequestException if it is given more than once
     */
    Optional<String> value(String name) {
        List<String> given = values.getOrDefault(name, List.of());
        if (given.size() > 1) {
            throw RefusedRequestException.badRequest("%s must be given once, got %d values: %s and %s"
                    .formatted(name, given.size(), ErrorBody.quote(given.get(0)), ErrorBody.quote(given.get(1))));
        }
        return given.stream().findFirst();
    }

    /**
     * Makes sure that a parameter is missing.
     *
     * @throws RefusedRequestException if it is given
     */
    void refuse(String name, String rule) {
        if (values.containsKey(name)) {
            throw RefusedRequestException.badRequest("%s %s, got %s"
                    .formatted(name, rule, ErrorBody.quote(values.get(name).get(0))));
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
