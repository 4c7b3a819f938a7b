package io.snowline.audit;

import io.snowline.id.IdFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** IDs as text, one per line. Lines end in LF or CRLF, which may be missing from the last one. */
final class TextIds implements IdReader {

    private static final int LONGEST_LINE = 1 << 16;

    private final InputStream input;
    private final IdFormat format;
    private final byte[] buffer = new byte[LONGEST_LINE];

    /** The bytes from start to end have been read from the input, and are yet to be looked at. */
    private int start;

    private int end;
    private boolean inputEnded;

    TextIds(InputStream input, IdFormat format) {
        this.input = input;
        this.format = format;
    }

    @Override
    public long next() throws IOException {
        int lineEnd = lineEnd();
        if (start == end) {
            return NONE;
        }
        int textEnd = lineEnd > start && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        long id = parse(start, textEnd);
        start = Math.min(lineEnd + 1, end);
        return id;
    }

    /** Returns the index of the line's LF, or the end of the input; reads until it finds one of them. */
    private int lineEnd() throws IOException {
        int at = start;
        while (true) {
            while (at < end) {
                if (buffer[at] == '\n') {
                    return at;
                }
                at++;
            }
            if (inputEnded) {
                return end;
            }
            at -= start;
            fill();
        }
    }

    /** Moves the rest to the front of the buffer, and reads more after it. */
    private void fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        if (end == buffer.length) {
            throw new IllegalArgumentException("a line must hold one %s ID, got one of more than %s bytes"
                    .formatted(format.formatName(), LONGEST_LINE));
        }
        int count = input.read(buffer, end, buffer.length - end);
        if (count < 0) {
            inputEnded = true;
        } else {
            end += count;
        }
    }

    private long parse(int from, int to) {
        if (format == IdFormat.DECIMAL) {
            long id = parseDecimal(from, to);
            if (id >= 0) {
                return id;
            }
        }
        return format.parse(new String(buffer, from, to - from, StandardCharsets.ISO_8859_1));
    }

    /**
     * Reads decimal digits several times faster than {@link IdFormat#parse}, which knows every format.
     *
     * @return the ID, or a negative number if the text needs a closer look: 19 digits stay below 2<sup>64</sup>, so
     *     that those beyond 2<sup>63</sup> - 1 come out negative
     */
    private long parseDecimal(int from, int to) {
        int length = to - from;
        if (length < 1 || length > 19 || (length > 1 && buffer[from] == '0')) {
            return -1;
        }
        long id = 0;
        for (int i = from; i < to; i++) {
            int digit = buffer[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            id = id * 10 + digit;
        }
        return id;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
