package io.snowline.coordination;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text form of records: {@code name=value} pairs separated by single blanks, so that records can be read in
 * {@code redis-cli} or {@code etcdctl}. Values contain no blanks; a value may be empty.
 */
final class RecordText {

    private static final Pattern WORD = Pattern.compile("[!-~&&[^=]]{1,256}");
    private static final Pattern LABEL = Pattern.compile("[!-~&&[^=]]{0,64}");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,19}");
    private static final int LONGEST_QUOTE = 80;

    private RecordText() {}

    static void requireWord(String name, String value) {
        if (!WORD.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "%s must be 1 to 256 printable ASCII characters without '=' and blanks, got '%s'"
                            .formatted(name, quote(value)));
        }
    }

    static void requireLabel(String value) {
        if (!LABEL.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "label must be at most 64 printable ASCII characters without '=' and blanks, got '%s'"
                            .formatted(quote(value)));
        }
    }

    static Writer write(String name, Object value) {
        return new Writer().with(name, value);
    }

    static Reader read(String text, int fields) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : text.split(" ", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1 || values.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
                throw unreadable(text);
            }
        }
        if (values.size() != fields) {
            throw unreadable(text);
        }
        return new Reader(text, values);
    }

    static IllegalArgumentException unreadable(String text) {
        return new IllegalArgumentException("not a record of Snowline: '" + quote(text) + "'");
    }

    /**
     * Checks that a record, when written, yields exactly the text it was read from: backends compare records as text.
     *
     * @throws IllegalArgumentException if the texts differ
     */
    static <R> R requireWrittenAs(String written, String text, R record) {
        if (!written.equals(text)) {
            throw new IllegalArgumentException("it is not written as Snowline writes it: '" + quote(text) + "'");
        }
        return record;
    }

    private static String quote(String text) {
        String printable = text.replaceAll("[^ -~]", "?");
        return printable.length() <= LONGEST_QUOTE ? printable : printable.substring(0, LONGEST_QUOTE) + "...";
    }

    static final class Writer {
        private final StringBuilder text = new StringBuilder(160);

        Writer with(String name, Object value) {
            if (text.length() > 0) {
                text.append(' ');
            }
            text.append(name).append('=').append(value);
            return this;
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    record Reader(String source, Map<String, String> values) {

        String text(String name) {
            @Nullable String value = values.get(name);
            if (value == null) {
                throw unreadable(source);
            }
            return value;
        }

        long number(String name) {
            return value(name, text -> {
                if (!DIGITS.matcher(text).matches()) { // parseLong accepts signs, and digits of any script
                    throw new IllegalArgumentException("not a number: '" + quote(text) + "'");
                }
                return Long.parseLong(text);
            });
        }

        int smallNumber(String name) {
            return value(name, text -> Math.toIntExact(number(name)));
        }

        <T> T value(String name, Function<String, T> parser) {
            try {
                return parser.apply(text(name));
            } catch (RuntimeException e) {
                throw new IllegalArgumentException(unreadable(source).getMessage() + " (" + name + ")", e);
            }
        }
    }
}
