package io.snowline.audit;

/**
 * Reads one run back from the {@link RunFile}, in order. Points at an ID after each call of {@link #advance} that
 * returned true. Not thread-safe.
 */
final class RunReader {

    private final RunFile file;
    private final long base;
    private final byte[] buffer;
    private long position;
    private final long limit;

    /** The bytes from start to end have been read from the file, and are yet to be decoded. */
    private int start;

    private int end;
    private long id;
    private int index;

    /**
     * @param base how many IDs were read before this run
     * @param position where it begins in the file
     * @param limit where it ends
     * @param buffered how many bytes to read at a time, at least what one ID takes
     */
    RunReader(RunFile file, long base, long position, long limit, int buffered) {
        this.file = file;
        this.base = base;
        this.position = position;
        this.limit = limit;
        buffer = new byte[Math.max(buffered, RunFile.MOST_BYTES_PER_ID)];
    }

    long id() {
        return id;
    }

    /** Returns how many IDs were read before this one, over all runs. */
    long ordinal() {
        return base + index;
    }

    /** Goes to the next ID; false if there is none. */
    boolean advance() {
        if (end - start < RunFile.MOST_BYTES_PER_ID) {
            fill();
            if (start == end) {
                return false;
            }
        }
        id += number();
        int step = (int) number();
        index += step >>> 1 ^ -(step & 1);
        return true;
    }

    private void fill() {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        while (position < limit && end < buffer.length) {
            int count = file.read(position, buffer, end, (int) Math.min(buffer.length - end, limit - position));
            end += count;
            position += count;
        }
    }

    private long number() {
        long number = 0;
        int shift = 0;
        byte read = buffer[start++];
        while (read < 0) {
            number |= (read & 0x7FL) << shift;
            shift += 7;
            read = buffer[start++];
        }
        return number | (long) read << shift;
    }
}
