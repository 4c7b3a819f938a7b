package io.snowline.coordination.local;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.snowline.coordination.UnreadableRecordException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The format of every file in the directory: a header line that names the kind of file and its namespace, the content
 * lines, and a last line with the CRC-32C of everything before it, so that a file that was truncated, changed, or
 * written by another program is recognised.
 */
final class CheckedText {

    private static final String CHECKSUM = "crc32c=";
    private static final int CHECKSUM_LENGTH = CHECKSUM.length() + 8 + 1;

    private CheckedText() {}

    static byte[] seal(String header, List<String> lines) {
        StringBuilder text = new StringBuilder(header).append('\n');
        lines.forEach(line -> text.append(line).append('\n'));
        byte[] body = text.toString().getBytes(US_ASCII);
        text.append(checksumLine(body, body.length));
        return text.toString().getBytes(US_ASCII);
    }

    /**
     * Reads the lines of a file that {@link #seal} made under the same header.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws UnreadableRecordException if the file is anything else
     */
    static List<String> read(Path file, String header) throws IOException {
        byte[] firstLine = (header + "\n").getBytes(US_ASCII);
        byte[] rest;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] begin = in.readNBytes(firstLine.length);
            if (!Arrays.equals(begin, firstLine)) {
                throw new UnreadableRecordException(refusal(file, "it does not begin with '" + header + "'"));
            }
            rest = in.readAllBytes();
        }
        int bodyLength = rest.length - CHECKSUM_LENGTH;
        if (bodyLength < 0 || !endsWithChecksum(firstLine, rest, bodyLength)) {
            throw new UnreadableRecordException(refusal(file, "it was cut off or changed: its checksum is wrong"));
        }
        return new String(rest, 0, bodyLength, US_ASCII).lines().toList();
    }

    static String refusal(Path file, String why) {
        return "'%s' is not what this version of Snowline wrote: %s. It was left as it is; see what it is, and if it can be"
                        .formatted(file, why)
                + " given up, stop the processes that use the directory and move the whole directory away";
    }

    private static boolean endsWithChecksum(byte[] firstLine, byte[] rest, int bodyLength) {
        byte[] sealed = Arrays.copyOf(firstLine, firstLine.length + bodyLength);
        System.arraycopy(rest, 0, sealed, firstLine.length, bodyLength);
        String found = new String(rest, bodyLength, CHECKSUM_LENGTH, US_ASCII);
        return found.equals(checksumLine(sealed, sealed.length));
    }

    private static String checksumLine(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return "%s%08x\n".formatted(CHECKSUM, checksum.getValue());
    }
}
