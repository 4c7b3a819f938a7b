package io.snowline.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The temporary file that holds all sorted runs, one after the other: one open file, however many runs there are. It
 * disappears with the process, killed or not, if the file system allows an open file to be deleted.
 *
 * <p>An ID takes two numbers in it: how much larger it is than the one before, and how far its index is from that one's
 * (zigzag: 0, -1, 1, -2 become 0, 1, 2, 3). Each number has 7 bits in a byte, the lowest first, and the highest bit set
 * in all bytes but its last. Neighbours are near each other, so an ID takes 2 bytes where IDs are dense and came in
 * order, and up to 10 where they are sparse and came in no order.
 *
 * <p>Not thread-safe.
 */
final class RunFile implements AutoCloseable {

    /** The most bytes that an ID can take: 63 bits of difference, and 32 of index. */
    static final int MOST_BYTES_PER_ID = 9 + 5;

    private final Path directory;
    private final FileChannel channel;
    private final byte[] buffer = new byte[1 << 16];
    private int filled;
    private long written;

    private RunFile(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Makes an empty file.
     *
     * @throws AuditException if the directory does not allow it
     */
    static RunFile create(Path directory) {
        try {
            Path path = Files.createTempFile(directory, "snowline-audit-", ".runs");
            return new RunFile(
                    directory,
                    FileChannel.open(
                            path,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.DELETE_ON_CLOSE));
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    private static AuditException unusable(Path directory, IOException e) {
        return new AuditException(
                "temporary directory must have room for what is sorted, 2 to 14 bytes for each ID,"
                        + " but %s failed with %s".formatted(directory, e),
                e);
    }

    /**
     * Appends a sorted run, and returns where it ends.
     *
     * @throws AuditException if the directory is full
     */
    long append(Run run) {
        try {
            encode(run);
            flush();
            return written;
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    private void encode(Run run) throws IOException {
        long id = 0;
        int index = 0;
        for (int rank = 0; rank < run.size(); rank++) {
            if (filled > buffer.length - MOST_BYTES_PER_ID) {
                flush();
            }
            putNumber(run.id(rank) - id);
            int step = run.index(rank) - index;
            putNumber((step << 1 ^ step >> 31) & 0xFFFF_FFFFL);
            id = run.id(rank);
            index = run.index(rank);
        }
    }

    private void putNumber(long number) {
        long rest = number;
        while (rest > 0x7F) {
            buffer[filled++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[filled++] = (byte) rest;
    }

    private void flush() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, filled);
        while (bytes.hasRemaining()) {
            written += channel.write(bytes, written);
        }
        filled = 0;
    }

    /**
     * Reads into a part of an array, and returns the number of bytes read, at least one.
     *
     * @throws AuditException if the file cannot be read
     */
    int read(long position, byte[] target, int from, int most) {
        try {
            int count = channel.read(ByteBuffer.wrap(target, from, most), position);
            if (count < 1) {
                throw new IOException("the temporary file ends at " + position);
            }
            return count;
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }
}
