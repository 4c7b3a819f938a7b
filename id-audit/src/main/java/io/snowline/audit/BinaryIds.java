package io.snowline.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** IDs as signed 64-bit integers, the highest byte first, with nothing between them. */
final class BinaryIds implements IdReader {

    private static final int BUFFERED = 1 << 16;

    private final InputStream input;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFERED).limit(0);

    BinaryIds(InputStream input) {
        this.input = input;
    }

    @Override
    public long next() throws IOException {
        if (buffer.remaining() < Long.BYTES) {
            fill();
            if (!buffer.hasRemaining()) {
                return NONE;
            }
            if (buffer.remaining() < Long.BYTES) {
                throw new IllegalArgumentException(
                        "binary ID must be 8 bytes, got " + buffer.remaining() + " at the end of the input");
            }
        }
        long id = buffer.getLong();
        if (id < 0) {
            throw new IllegalArgumentException("binary ID must be from 0 to " + Long.MAX_VALUE + ", got " + id);
        }
        return id;
    }

    private void fill() throws IOException {
        buffer.compact();
        int count = input.readNBytes(buffer.array(), buffer.position(), buffer.remaining());
        buffer.position(buffer.position() + count).flip();
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
