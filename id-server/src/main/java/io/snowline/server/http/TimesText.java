package io.snowline.server.http;

import io.snowline.id.IdLayout;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

/** The IDs of a stretch of time, as JSON. */
final class TimesText {

    private static final List<String> PARAMETERS = List.of("from", "to", "format");

    private TimesText() {}

    /**
     * Writes the smallest and the largest ID of a stretch of time, as the parameters of a query have it.
     *
     * @throws RefusedRequestException if a parameter breaks a rule
     */
    static byte[] json(QueryParameters query, IdLayout layout) {
        query.requireOnly(PARAMETERS);
        IdNotation notation = IdNotation.of(query);
        return json(given(query, "from"), given(query, "to"), notation, layout).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Writes the smallest and the largest ID of a stretch of time.
     *
     * @param from the instant that the smallest ID has
     * @param to the instant that the largest ID has, not before the other
     * @throws RefusedRequestException if an instant cannot be read, lies outside the layout, or is before the other
     */
    static String json(String from, String to, IdNotation notation, IdLayout layout) {
        Instant first = instant("from", from, layout);
        Instant last = instant("to", to, layout);
        if (last.isBefore(first)) {
            throw RefusedRequestException.badRequest(
                    "to must not be before from, got %s and %s".formatted(ErrorBody.quote(to), ErrorBody.quote(from)));
        }
        return "{\"smallest\":%s,\"largest\":%s}"
                .formatted(notation.json(layout.smallestId(first)), notation.json(layout.largestId(last)));
    }

    private static String given(QueryParameters query, String name) {
        return query.value(name)
                .orElseThrow(() -> RefusedRequestException.badRequest(
                        name + " must be an instant such as 2026-11-23T08:00:00Z, got none"));
    }

    private static Instant instant(String name, String text, IdLayout layout) {
        Instant instant;
        try {
            instant = Instant.parse(text);
        } catch (DateTimeException e) {
            throw RefusedRequestException.badRequest(
                    name + " must be an instant such as 2026-11-23T08:00:00Z, got " + ErrorBody.quote(text));
        }
        Instant end = layout.scale().end();
        if (instant.isBefore(layout.firstInstant()) || !instant.isBefore(end)) {
            throw RefusedRequestException.badRequest("%s must be from %s to before %s in layout %s, got %s"
                    .formatted(name, layout.firstInstant(), end, layout.descriptor(), ErrorBody.quote(text)));
        }
        return instant;
    }
}
