package io.snowline.server.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call with curl that docs/http.md shows, and the answer below it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param sent the headers of the request, names and values in turn
 * @param status what the answer's status line says; where none is shown, what its body says
 * @param shown the headers of the answer, as far as they are shown
 * @param body the answer's body, or what a program behind a pipe makes of it
 */
record HttpExample(URI uri, List<String> sent, int status, Map<String, List<String>> shown, String body) {

    private static final Path PAGE = Path.of("../docs/http.md");
    private static final String PROMPT = "$ curl ";
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:8080/[^' ]*");
    private static final Pattern SENT = Pattern.compile("-H '([A-Za-z-]+): ([^']*)'");
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3}) .*");
    private static final Pattern CODE = Pattern.compile("\\{\"code\":([0-9]{3}),.*");

    /** Reads all examples of the page. */
    static List<HttpExample> all() {
        List<HttpExample> examples = new ArrayList<>();
        List<String> lines = page();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(PROMPT)) {
                examples.add(read(lines.get(i), lines.subList(i + 1, lines.size())));
            }
        }
        return examples;
    }

    /** Returns the configuration at the top of the page, with which its examples were made. */
    static String configuration() {
        List<String> lines = page();
        int begin = lines.indexOf("```yaml");
        return String.join(
                        "\n",
                        lines.subList(
                                begin + 1,
                                begin + lines.subList(begin, lines.size()).indexOf("```"))) + "\n";
    }

    private static List<String> page() {
        try {
            return Files.readAllLines(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads what follows a call: with -i a status line, headers and an empty line; then a body, up to an empty line. */
    private static HttpExample read(String call, List<String> following) {
        List<String> sent = new ArrayList<>();
        SENT.matcher(call).results().forEach(header -> sent.addAll(List.of(header.group(1), header.group(2))));
        Matcher head = STATUS.matcher(following.get(0));
        List<String> lines = head.matches() ? headers(following) : List.of();
        int begin = head.matches() ? lines.size() + 2 : 0;
        String body = String.join("\n", body(following.subList(begin, following.size())));
        return new HttpExample(uri(call), sent, head.matches() ? number(head) : code(body), shown(lines, sent), body);
    }

    private static URI uri(String call) {
        Matcher address = ADDRESS.matcher(call);
        if (!address.find()) {
            throw new IllegalArgumentException("a call must name its address, got '" + call + "'");
        }
        return URI.create(address.group());
    }

    private static List<String> headers(List<String> following) {
        return following.stream().skip(1).takeWhile(line -> !line.isEmpty()).toList();
    }

    private static List<String> body(List<String> lines) {
        return lines.stream()
                .takeWhile(line -> !line.isEmpty() && !line.startsWith("```"))
                .toList();
    }

    /** Without -i, the media type is the one that was asked for. */
    private static Map<String, List<String>> shown(List<String> lines, List<String> sent) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : lines) {
            String[] header = line.split(": ", 2);
            headers.put(header[0], List.of(header[1]));
        }
        int accept = sent.indexOf("Accept");
        headers.putIfAbsent("Content-Type", List.of(accept < 0 ? "application/json" : sent.get(accept + 1)));
        return headers;
    }

    private static int code(String body) {
        Matcher code = CODE.matcher(body);
        return code.matches() ? number(code) : 200;
    }

    private static int number(Matcher matcher) {
        return Integer.parseInt(matcher.group(1));
    }

    /** Returns the answer's headers, as far as they are shown. */
    HttpHeaders headers() {
        return HttpHeaders.of(shown, (name, value) -> true);
    }

    /** Returns the path and the query. */
    String path() {
        return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }

    /** Returns the call without its namespace: {@code id}, {@code ids}, {@code ids/…}, {@code range}, {@code times}. */
    String call() {
        return uri.getPath().replaceFirst("^/v1/[a-z]+/", "");
    }

    @Override
    public String toString() {
        return path() + " " + sent + " " + status;
    }
}
