package io.snowline.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes the body of an answer into an array, without allocating an object for each ID. All of it is ASCII, or octets.
 *
 * <p>Immutable and thread-safe.
 */
sealed interface IdWriter {

    /** Returns the representation of the body. */
    Representation representation();

    /** Returns the most bytes that the body can have. */
    int longest(int count);

    /**
     * Writes the body at the beginning of an array.
     *
     * @param count how many of the IDs to write
     * @param target has room for the longest body
     * @return the body's length
     */
    int write(long[] ids, int count, byte[] target);

    /** One ID: an object, or a line. */
    record One(IdNotation notation, Representation representation) implements IdWriter {

        private static final byte[] OPENING = ascii("{\"id\":");

        @Override
        public int longest(int count) {
            return OPENING.length + notation.longest() + 1;
        }

        @Override
        public int write(long[] ids, int count, byte[] target) {
            if (representation == Representation.TEXT) {
                return notation.writeLines(ids, 1, target, 0);
            }
            int at = notation.writeJson(ids, 1, target, put(OPENING, target));
            target[at - 1] = '}'; // instead of the comma
            return at;
        }
    }

    /** Several IDs: an array in an object, lines, or octets. */
    record Many(IdNotation notation, Representation representation) implements IdWriter {

        private static final byte[] OPENING = ascii("{\"ids\":[");

        @Override
        public int longest(int count) {
            return representation == Representation.OCTETS
                    ? Long.BYTES * count
                    : OPENING.length + (notation.longest() + 1) * count + 1;
        }

        @Override
        public int write(long[] ids, int count, byte[] target) {
            return switch (representation) {
                case JSON -> json(ids, count, target);
                case TEXT -> notation.writeLines(ids, count, target, 0);
                case OCTETS -> octets(ids, count, target);
            };
        }

        private int json(long[] ids, int count, byte[] target) {
            int at = notation.writeJson(ids, count, target, put(OPENING, target));
            target[at - 1] = ']'; // instead of the last comma: there is at least one ID
            target[at] = '}';
            return at + 1;
        }

        private static int octets(long[] ids, int count, byte[] target) {
            ByteBuffer.wrap(target).asLongBuffer().put(ids, 0, count);
            return Long.BYTES * count;
        }
    }

    private static int put(byte[] text, byte[] target) {
        System.arraycopy(text, 0, target, 0, text.length);
        return text.length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
