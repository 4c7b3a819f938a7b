package io.snowline.id;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The formats for writing an ID as text. Each ID has exactly one text in each format: {@link #parse} accepts what
 * {@link #format} returns and nothing else, so texts can be compared instead of IDs.
 *
 * <table>
 * <caption>Formats</caption>
 * <tr><th>name</th><th>characters</th><th>alphabet</th><th>sorts like the IDs</th><th>2<sup>63</sup> - 1</th></tr>
 * <tr><td>{@code decimal}</td><td>1 to 19</td><td>0-9</td><td>no</td><td>9223372036854775807</td></tr>
 * <tr><td>{@code hex}</td><td>16</td><td>0-9 a-f</td><td>yes</td><td>7fffffffffffffff</td></tr>
 * <tr><td>{@code base62}</td><td>11</td><td>0-9 A-Z a-z</td><td>yes</td><td>AzL8n0Y58m7</td></tr>
 * <tr><td>{@code base32}</td><td>13</td><td>0-9 A-Z without I L O U</td><td>yes</td><td>7ZZZZZZZZZZZZ</td></tr>
 * </table>
 *
 * <p>"Sorts like the IDs" refers to comparison by character code, as in {@link String#compareTo}, Redis or a column
 * with a binary collation. A collation that ignores case cannot even tell all {@code base62} texts apart.
 *
 * <p>Immutable and thread-safe.
 */
public enum IdFormat {

    /** Decimal digits without leading zeros. */
    DECIMAL("decimal", "0123456789", 1, 19),

    /** 16 hexadecimal digits in lower case. */
    HEX("hex", "0123456789abcdef", 16, 16),

    /** 11 digits and letters of both cases: the shortest of the formats. */
    BASE62("base62", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 11, 11),

    /**
     * 13 digits and upper-case letters in the alphabet of <a href="https://www.crockford.com/base32.html">Crockford's
     * Base 32</a>, which leaves out I, L, O and U. Its lenient decoding (lower case, O for 0, hyphens) is not
     * supported, because it would give one ID many texts.
     */
    BASE32("base32", "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 13, 13);

    private static final int LONGEST_QUOTE = 40;

    private final String formatName;
    private final String alphabet;

    @SuppressWarnings("ImmutableEnumChecker") // never changes
    private final byte[] characters;

    private final int minLength;
    private final int maxLength;

    /** The alphabet ascends by character code; texts are padded with zeros to minLength and no further. */
    IdFormat(String formatName, String alphabet, int minLength, int maxLength) {
        this.formatName = formatName;
        this.alphabet = alphabet;
        this.characters = alphabet.getBytes(StandardCharsets.US_ASCII);
        this.minLength = minLength;
        this.maxLength = maxLength;
    }

    /**
     * Returns the format with the given name.
     *
     * @param name {@code decimal}, {@code hex}, {@code base62} or {@code base32}, in lower case
     * @throws IllegalArgumentException if there is no format of that name; the message lists the available ones
     */
    public static IdFormat of(String name) {
        Objects.requireNonNull(name, "name");
        return Arrays.stream(values())
                .filter(format -> format.formatName.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "format must be one of [" + availableNames() + "], got " + quote(name)));
    }

    private static String availableNames() {
        return Arrays.stream(values()).map(IdFormat::formatName).collect(Collectors.joining(", "));
    }

    /** Returns the name by which {@link #of} finds this format. */
    public String formatName() {
        return formatName;
    }

    /**
     * Writes an ID as text.
     *
     * @param id 0 or more
     * @throws IllegalArgumentException if the ID is negative
     */
    public String format(long id) {
        byte[] text = new byte[maxLength];
        int length = write(id, text, 0);
        return new String(text, 0, length, StandardCharsets.ISO_8859_1);
    }

    /**
     * Writes an ID as ASCII text into an array, without allocating.
     *
     * @param id 0 or more
     * @param target has room for {@link #maxLength()} bytes from the offset on; its content after the text is undefined
     * @return the offset after the text
     * @throws IllegalArgumentException if the ID is negative
     * @throws IndexOutOfBoundsException if there is no room
     */
    public int write(long id, byte[] target, int offset) {
        requireId(id);
        return switch (this) {
            case DECIMAL -> DecimalText.write(id, target, offset);
            case HEX -> writeBits(id, 4, target, offset);
            case BASE32 -> writeBits(id, 5, target, offset);
            case BASE62 -> writeDigits(id, target, offset);
        };
    }

    /**
     * Writes IDs as ASCII text into an array, each between two texts, without allocating. IDs that lie close together,
     * as those of a batch do, take less time than when written one by one.
     *
     * @param ids the IDs, 0 or more each
     * @param count how many of them
     * @param before the text before each ID
     * @param after the text after each ID
     * @param target has room for {@code count} times the two texts and {@link #maxLength()} bytes from the offset on;
     *     its content after the last text is undefined
     * @return the offset after the last text
     * @throws IllegalArgumentException if an ID is negative
     * @throws IndexOutOfBoundsException if there is no room
     */
    public int write(long[] ids, int count, byte[] before, byte[] after, byte[] target, int offset) {
        if (this == DECIMAL) {
            return DecimalText.write(ids, count, before, after, target, offset);
        }
        int at = offset;
        for (int i = 0; i < count; i++) {
            at = put(before, target, at);
            at = put(after, target, write(ids[i], target, at));
        }
        return at;
    }

    static long requireId(long id) {
        if (id < 0) {
            throw new IllegalArgumentException("id must be from 0 to " + Long.MAX_VALUE + ", got " + id);
        }
        return id;
    }

    static int put(byte[] text, byte[] target, int offset) {
        System.arraycopy(text, 0, target, offset, text.length);
        return offset + text.length;
    }

    /** Writes the format's fixed number of characters, of some bits each. */
    private int writeBits(long id, int bits, byte[] target, int offset) {
        int mask = (1 << bits) - 1;
        long rest = id;
        for (int at = offset + maxLength - 1; at >= offset; at--) {
            target[at] = characters[(int) rest & mask];
            rest >>>= bits;
        }
        return offset + maxLength;
    }

    private int writeDigits(long id, byte[] target, int offset) {
        long rest = id;
        for (int at = offset + maxLength - 1; at >= offset; at--) {
            long higher = rest / characters.length;
            target[at] = characters[(int) (rest - higher * characters.length)];
            rest = higher;
        }
        return offset + maxLength;
    }

    /** Returns the maximum number of characters of an ID. */
    public int maxLength() {
        return maxLength;
    }

    /**
     * Reads an ID from exactly the text that {@link #format} returns for it.
     *
     * @return the ID, 0 or more
     * @throws IllegalArgumentException if the text has another length, a character outside the alphabet (a sign, a
     *     blank, another case, another script's digit), a leading zero that {@link #format} would not write, or stands
     *     for more than 2<sup>63</sup> - 1
     */
    public long parse(String text) {
        Objects.requireNonNull(text, "text");
        int length = text.length();
        if (length < minLength || length > maxLength) {
            throw unreadable(text);
        }
        long id = 0;
        for (int i = 0; i < length; i++) {
            int digit = alphabet.indexOf(text.charAt(i));
            if (digit < 0) {
                throw unreadable(text);
            }
            if (id > (Long.MAX_VALUE - digit) / alphabet.length()) {
                throw refused("be at most " + format(Long.MAX_VALUE), text);
            }
            id = id * alphabet.length() + digit;
        }
        if (length > minLength && text.charAt(0) == alphabet.charAt(0)) {
            throw refused("not have leading zeros", text);
        }
        return id;
    }

    private IllegalArgumentException unreadable(String text) {
        String length = minLength == maxLength ? "" + maxLength : minLength + " to " + maxLength;
        return refused("be " + length + " characters of " + alphabet, text);
    }

    private IllegalArgumentException refused(String rule, String text) {
        return new IllegalArgumentException(formatName + " ID must " + rule + ", got " + quote(text));
    }

    /** Quotes untrusted text on one line, in ASCII and shortened. */
    private static String quote(String text) {
        String shown = text.chars()
                .limit(LONGEST_QUOTE)
                .mapToObj(IdFormat::printable)
                .collect(Collectors.joining("", "'", "'"));
        return text.length() <= LONGEST_QUOTE ? shown : shown + "... (" + text.length() + " characters)";
    }

    private static String printable(int character) {
        boolean plain = character >= ' ' && character <= '~';
        return plain ? Character.toString(character) : "\\u%04x".formatted(character);
    }
}
