package io.snowline.server.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/** The body of an error: {@code {"code":400,"message":"…"}}, as Dropwizard writes it. */
final class ErrorBody {

    private static final int LONGEST_VALUE = 80;

    private ErrorBody() {}

    static byte[] of(int code, String message) {
        StringBuilder json = new StringBuilder(message.length() + 32);
        json.append("{\"code\":").append(code).append(",\"message\":\"");
        JsonStringEncoder.getInstance().quoteAsString(message, json);
        return json.append("\"}").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Returns what a client sent, in quotes, and truncated if it is too long to repeat. */
    static String quote(String value) {
        return value.length() <= LONGEST_VALUE
                ? "'" + value + "'"
                : "'%s…' (%s characters)".formatted(value.substring(0, LONGEST_VALUE), value.length());
    }
}
