package io.snowline.server.http;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The methods that a path answers to. HEAD is none of those that issue: it would use up an ID that nobody sees.
 */
final class AllowedMethods {

    private static final Pattern ISSUING = Pattern.compile("/?v1/[^/]*/ids?/?");
    private static final List<String> OF_ISSUING = List.of("GET", "POST", "OPTIONS");
    private static final List<String> OF_OTHERS = List.of("GET", "HEAD", "OPTIONS");

    private AllowedMethods() {}

    static List<String> of(String path) {
        return ISSUING.matcher(path).matches() ? OF_ISSUING : OF_OTHERS;
    }

    static String header(String path) {
        return String.join(", ", of(path));
    }
}
