package io.snowline.server.http;

import io.snowline.id.DecodedId;
import io.snowline.server.issuing.Recording;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** What an ID contains, as JSON. */
final class DecodedText {

    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private DecodedText() {}

    /**
     * Writes what an ID contains; all of it is ASCII.
     *
     * @param recorded what the ledger says about it; empty where no record per ID is kept
     */
    static byte[] json(DecodedId decoded, IdNotation notation, Optional<Recording> recorded) {
        StringBuilder text = new StringBuilder(160)
                .append("{\"id\":")
                .append(notation.json(decoded.id()))
                .append(",\"timestamp\":\"")
                .append(TIMESTAMP.format(decoded.timestamp()))
                .append("\",\"node\":")
                .append(decoded.node())
                .append(",\"sequence\":")
                .append(decoded.sequence());
        recorded.map(Recording::at).ifPresent(at -> {
            text.append(",\"recorded\":").append(at.isPresent());
            at.ifPresent(instant -> text.append(",\"recordedAt\":\"")
                    .append(TIMESTAMP.format(instant))
                    .append('"'));
        });
        return text.append('}').toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
