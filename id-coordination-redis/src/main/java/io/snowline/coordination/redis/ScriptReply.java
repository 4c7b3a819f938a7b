package io.snowline.coordination.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a script answered, without the nonce. An answer that does not have the expected form is {@link Garbled}: it may
 * be the reply to another request.
 *
 * @param values the values: texts as bytes, integers as {@code Long}, lists as {@code List}, nil as null
 * @param replicas how many replicas have what was written, if that was asked
 */
record ScriptReply(List<?> values, long replicas) {

    /**
     * Checks that an answer begins with a nonce.
     *
     * @throws Garbled if it does not
     */
    static ScriptReply of(@Nullable Object answer, String nonce, long replicas) {
        if (!(answer instanceof List<?> values) || values.isEmpty()) {
            throw new Garbled("no list");
        }
        ScriptReply whole = new ScriptReply(values, replicas);
        if (!whole.text(0).equals(nonce)) {
            throw new Garbled("the reply to another request");
        }
        return new ScriptReply(values.subList(1, values.size()), replicas);
    }

    String text(int index) {
        return optionalText(index).orElseThrow(() -> new Garbled("nothing at " + index));
    }

    Optional<String> optionalText(int index) {
        Object value = at(index);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof byte[] bytes) {
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        }
        throw new Garbled("no text at " + index);
    }

    long number(int index) {
        if (at(index) instanceof Long number) {
            return number;
        }
        throw new Garbled("no number at " + index);
    }

    /** Returns the number that a text of digits stands for. */
    long digits(int index) {
        try {
            return Long.parseLong(text(index));
        } catch (NumberFormatException e) {
            throw new Garbled("no digits at " + index, e);
        }
    }

    boolean yes(int index) {
        return number(index) == 1;
    }

    ScriptReply list(int index) {
        if (at(index) instanceof List<?> list) {
            return new ScriptReply(list, replicas);
        }
        throw new Garbled("no list at " + index);
    }

    int size() {
        return values.size();
    }

    private @Nullable Object at(int index) {
        if (index >= values.size()) {
            throw new Garbled("nothing at " + index);
        }
        return values.get(index);
    }

    /** An answer that does not have the form that the script gives. */
    static final class Garbled extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Garbled(String what) {
            this(what, null);
        }

        Garbled(String what, @Nullable Throwable cause) {
            super("the reply does not fit the request: " + what, cause);
        }
    }
}
