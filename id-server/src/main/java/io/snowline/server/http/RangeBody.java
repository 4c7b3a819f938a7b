package io.snowline.server.http;

import io.snowline.id.IdLayout;
import io.snowline.id.IdRange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A range as the body of an answer. */
final class RangeBody {

    /** The octets before the namespace's name; docs/http.md has the table. */
    private static final int FIXED = 48;

    private RangeBody() {}

    /** Writes a range as JSON; all of it is ASCII. */
    static byte[] json(IdRange range, Duration goodFor) {
        String text = "{\"first\":\"" + range.first()
                + "\",\"count\":" + range.count()
                + ",\"node\":" + range.node()
                + ",\"position\":\"" + range.position()
                + "\",\"layout\":\"" + range.layout().descriptor()
                + "\",\"epoch\":\"" + range.layout().epoch()
                + "\",\"goodForMillis\":" + goodFor.toMillis() + "}";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Writes a range as big-endian numbers, and the name of its namespace. */
    static byte[] octets(IdRange range, String namespace, Duration goodFor) {
        IdLayout layout = range.layout();
        byte[] name = namespace.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(FIXED + name.length)
                .putLong(range.first())
                .putLong(range.position())
                .putInt(range.count())
                .putInt(range.node())
                .put((byte) layout.timestampBits())
                .put((byte) layout.nodeBits())
                .put((byte) layout.sequenceBits())
                .put((byte) name.length)
                .putInt((int) layout.tick().toMillis())
                .putLong(layout.epoch().toEpochMilli())
                .putLong(goodFor.toMillis())
                .put(name)
                .array();
    }
}
