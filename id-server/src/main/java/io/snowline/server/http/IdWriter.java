package io.snowline.server.http;

import io.snowline.id.DecodedId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Writes answers as bytes. All of it is ASCII. */
final class IdWriter {

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private IdWriter() {}

    /** Writes one ID. */
    static byte[] one(long id, IdNotation notation, Representation representation) {
        StringBuilder text = new StringBuilder(40);
        if (representation == Representation.TEXT) {
            notation.appendTo(text, id);
            text.append('\n');
        } else {
            text.append("{\"id\":");
            appendJson(text, id, notation);
            text.append('}');
        }
        return bytes(text);
    }

    /** Writes several IDs. */
    static byte[] many(long[] ids, IdNotation notation, Representation representation) {
        return switch (representation) {
            case JSON -> json(ids, notation);
            case TEXT -> lines(ids, notation);
            case OCTETS -> octets(ids);
        };
    }

    /**
     * Writes what an ID says.
     *
     * @param recorded whether and when it was recorded; empty where no record per ID is kept
     */
    static byte[] decoded(DecodedId decoded, IdNotation notation, Optional<Optional<Instant>> recorded) {
        StringBuilder text = new StringBuilder(160).append("{\"id\":");
        appendJson(text, decoded.id(), notation);
        text.append(",\"timestamp\":\"").append(TIMESTAMP.format(decoded.timestamp()));
        text.append("\",\"node\":").append(decoded.node());
        text.append(",\"sequence\":").append(decoded.sequence());
        recorded.ifPresent(record -> {
            text.append(",\"recorded\":").append(record.isPresent());
            record.ifPresent(instant -> text.append(",\"recordedAt\":\"")
                    .append(TIMESTAMP.format(instant))
                    .append('"'));
        });
        return bytes(text.append('}'));
    }

    private static byte[] json(long[] ids, IdNotation notation) {
        StringBuilder text = new StringBuilder(16 + 22 * ids.length).append("{\"ids\":[");
        for (int i = 0; i < ids.length; i++) {
            if (i > 0) {
                text.append(',');
            }
            appendJson(text, ids[i], notation);
        }
        return bytes(text.append("]}"));
    }

    private static void appendJson(StringBuilder text, long id, IdNotation notation) {
        if (notation.quoted()) {
            text.append('"');
            notation.appendTo(text, id);
            text.append('"');
        } else {
            notation.appendTo(text, id);
        }
    }

    private static byte[] lines(long[] ids, IdNotation notation) {
        StringBuilder text = new StringBuilder(20 * ids.length);
        for (long id : ids) {
            notation.appendTo(text, id);
            text.append('\n');
        }
        return bytes(text);
    }

    private static byte[] octets(long[] ids) {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * ids.length);
        buffer.asLongBuffer().put(ids);
        return buffer.array();
    }

    private static byte[] bytes(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
