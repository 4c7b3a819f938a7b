package io.snowline.client;

import io.snowline.id.IdLayout;
import io.snowline.id.IdRange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * A range as a server gave it. Immutable and thread-safe.
 *
 * @param range the range
 * @param goodForNanos how long it is good for, counted from when it was asked for
 * @param sentNanos the monotonic clock when it was asked for
 */
record GivenRange(IdRange range, long goodForNanos, long sentNanos) {

    private static final int FIXED = 48;
    private static final int MILLION = 1_000_000;
    private static final long MOST_MILLIS = Duration.ofHours(1).toMillis();

    /**
     * Reads the form that docs/http.md describes.
     *
     * @throws IllegalArgumentException if it is not the form of a range of the namespace, if its first ID is not the one that
     *     is composed here, or if there are more IDs than were asked for
     */
    static GivenRange read(byte[] octets, String namespace, int asked, long sentNanos) {
        byte[] name = namespace.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer form = ByteBuffer.wrap(octets);
        if (octets.length < FIXED || octets[27] != octets.length - FIXED) {
            throw new IllegalArgumentException("the answer must be a range of %s bytes, got %s bytes that are not one"
                    .formatted(FIXED + name.length, octets.length));
        }
        if (!form.slice(FIXED, octets.length - FIXED).equals(ByteBuffer.wrap(name))) {
            throw new IllegalArgumentException(
                    "the answer must be a range of namespace '%s', got one of another".formatted(namespace));
        }
        long first = form.getLong();
        IdRange range = range(form);
        if (range.first() != first) {
            throw new IllegalArgumentException(
                    "the range's first ID must be %s by its layout, got %s".formatted(range.first(), first));
        }
        if (range.count() > asked) {
            throw new IllegalArgumentException(
                    "the range must have at most %s IDs, got %s".formatted(asked, range.count()));
        }
        return new GivenRange(range, goodForNanos(form), sentNanos);
    }

    private static IdRange range(ByteBuffer form) {
        long position = form.getLong();
        int count = form.getInt();
        int node = form.getInt();
        int timestampBits = form.get();
        int nodeBits = form.get();
        int sequenceBits = form.get();
        var unused = form.get(); // the length of the name
        Duration tick = Duration.ofMillis(form.getInt());
        Instant epoch = Instant.ofEpochMilli(form.getLong());
        return new IdRange(new IdLayout(timestampBits, nodeBits, sequenceBits, tick, epoch), node, position, count);
    }

    private static long goodForNanos(ByteBuffer form) {
        long millis = form.getLong();
        if (millis < 1) {
            throw new IllegalArgumentException("goodForMillis must be at least 1, got " + millis);
        }
        return Math.min(millis, MOST_MILLIS) * MILLION;
    }
}
