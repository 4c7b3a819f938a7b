package io.snowline.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/** The media types of answers, in the order in which the server prefers them. */
enum Representation {
    /** {@code {"id":"…"}}; the default for a client that does not say what it accepts. */
    JSON("application", "json"),
    /** IDs, one per line. */
    TEXT("text", "plain"),
    /** Big-endian signed 64-bit integers, with nothing around them. */
    OCTETS("application", "octet-stream");

    private final String type;
    private final String subtype;

    @SuppressWarnings("ImmutableEnumChecker") // never changes
    private final HttpField contentType;

    Representation(String type, String subtype) {
        this.type = type;
        this.subtype = subtype;
        this.contentType = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, type + "/" + subtype);
    }

    private String mediaType() {
        return type + "/" + subtype;
    }

    /** Returns the Content-Type header. */
    HttpField contentType() {
        return contentType;
    }

    /**
     * Chooses, of those offered, the representation that a client prefers.
     *
     * @throws RefusedRequestException with 406 if the client accepts none of them
     */
    static Representation choose(HttpFields headers, Set<Representation> offered) {
        HttpField accept = headers.getField(HttpHeader.ACCEPT);
        if (accept == null) {
            return JSON;
        }
        Representation plain = plain(String.valueOf(accept.getValue()));
        return plain != null
                        && offered.contains(plain)
                        && headers.getValuesList(HttpHeader.ACCEPT).size() == 1
                ? plain
                : choose(headers.getValuesList(HttpHeader.ACCEPT), offered);
    }

    /** Reads what most clients send: one media type, or a wildcard. */
    private static @Nullable Representation plain(String accept) {
        return switch (accept) {
            case "*/*", "application/json" -> JSON;
            case "text/plain" -> TEXT;
            case "application/octet-stream" -> OCTETS;
            default -> null;
        };
    }

    /**
     * Chooses, of those offered, the representation that a client prefers; of equals, the first in this enum.
     *
     * @param accept the raw Accept headers; a range that cannot be read matches nothing
     * @throws RefusedRequestException with 406 if the client accepts none of them
     */
    static Representation choose(List<String> accept, Set<Representation> offered) {
        List<Range> ranges = Range.parse(accept);
        if (ranges.isEmpty()) {
            return JSON;
        }
        Representation best = JSON;
        double bestQuality = 0;
        for (Representation candidate : offered) {
            double quality = candidate.quality(ranges);
            if (quality > bestQuality) {
                best = candidate;
                bestQuality = quality;
            }
        }
        if (bestQuality == 0) {
            throw notAcceptable(accept, offered);
        }
        return best;
    }

    /** Returns the quality of the most specific range that matches; 0 if none does. */
    private double quality(List<Range> ranges) {
        double quality = 0;
        int specificity = -1;
        for (Range range : ranges) {
            if (range.matches(type, subtype) && range.specificity() > specificity) {
                quality = range.quality();
                specificity = range.specificity();
            }
        }
        return quality;
    }

    private static RefusedRequestException notAcceptable(List<String> accept, Set<Representation> offered) {
        String types = offered.stream().map(Representation::mediaType).collect(Collectors.joining(", "));
        return new RefusedRequestException(
                406,
                "Accept must allow one of %s, got %s".formatted(types, ErrorBody.quote(String.join(", ", accept))),
                Map.of());
    }

    /** A media range of an Accept header. */
    private record Range(String type, String subtype, double quality) {

        static List<Range> parse(List<String> headers) {
            List<Range> ranges = new ArrayList<>();
            for (String header : headers) {
                for (String element : header.split(",", -1)) {
                    if (!element.isBlank()) {
                        ranges.add(parse(element));
                    }
                }
            }
            return ranges;
        }

        private static Range parse(String element) {
            String[] parts = element.split(";", -1);
            String[] names = parts[0].strip().toLowerCase(Locale.ROOT).split("/", -1);
            return names.length == 2 ? new Range(names[0], names[1], quality(parts)) : new Range("", "", 0);
        }

        private static double quality(String[] parts) {
            for (int i = 1; i < parts.length; i++) {
                String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
                if (parameter.startsWith("q=")) {
                    return parameter.matches("q=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")
                            ? Double.parseDouble(parameter.substring(2))
                            : 0;
                }
            }
            return 1;
        }

        boolean matches(String aType, String aSubtype) {
            return specificity() == 0 || (type.equals(aType) && (subtype.equals("*") || subtype.equals(aSubtype)));
        }

        int specificity() {
            return (type.equals("*") ? 0 : 1) + (subtype.equals("*") ? 0 : 1);
        }
    }
}
