package io.snowline.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The description of the calls, the examples of docs/http.md, and the judge itself. */
class ApiContractTest {

    private static final Path DOCS = Path.of("../docs/http.md");
    private static final Pattern CALL = Pattern.compile("\\$ curl .*?'?(http://127\\.0\\.0\\.1:8080/[^' ]*)'?(.*)");
    private static final Pattern HEADER = Pattern.compile("([A-Za-z-]+): (.*)");

    private final ApiContract contract = new ApiContract();

    /** A call of the page and its answer. */
    private record Example(URI uri, int status, Map<String, List<String>> headers, String body) {
        @Override
        public String toString() {
            return uri + " " + status;
        }
    }

    static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        List<String> lines = Files.readAllLines(DOCS);
        for (int i = 0; i < lines.size(); i++) {
            Matcher call = CALL.matcher(lines.get(i));
            boolean piped = call.matches() && call.group(2).contains("|");
            if (call.matches() && !piped) {
                examples.add(example(call, lines.get(i), lines.subList(i + 1, lines.size())));
            }
        }
        return examples;
    }

    /** Reads what follows a call: with -i a status line, headers and an empty line; then a body, up to an empty line. */
    private static Example example(Matcher call, String line, List<String> following) {
        Map<String, List<String>> headers = new HashMap<>();
        int at = 0;
        if (following.get(0).startsWith("HTTP/1.1 ")) {
            for (at = 1; !following.get(at).isEmpty(); at++) {
                Matcher header = HEADER.matcher(following.get(at));
                assertThat(header.matches()).as(following.get(at)).isTrue();
                headers.put(header.group(1), List.of(header.group(2)));
            }
            at++;
        }
        List<String> body = following.subList(at, following.size()).stream()
                .takeWhile(text -> !text.isEmpty() && !text.startsWith("$") && !text.startsWith("```"))
                .toList();
        String text = String.join("\n", body);
        String type = line.contains("text/plain") ? "text/plain" : "application/json";
        headers.putIfAbsent("Content-Type", List.of(type));
        return new Example(URI.create(call.group(1)), ApiContract.status(text), headers, text);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleOfThePageIsAsDescribed(Example example) {
        assertThat(example.body()).isNotBlank();
        HttpHeaders headers = HttpHeaders.of(example.headers(), (name, value) -> true);
        contract.check("GET", example.uri(), example.status(), headers, example.body());
    }

    @Test
    void thePageHasExamplesOfEveryCall() throws IOException {
        assertThat(examples().stream().map(example -> example.uri().getPath().replaceFirst("^/v1/[a-z]+/", "")))
                .hasSizeGreaterThan(8)
                .anyMatch(path -> path.equals("id"))
                .anyMatch(path -> path.equals("ids"))
                .anyMatch(path -> path.startsWith("ids/"))
                .anyMatch(path -> path.equals("times"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /v1/a/id | 200 | application/json | {\"id\":5} | integer found, string expected",
                "GET | /v1/a/id | 200 | application/json | {\"id\":\"5\",\"extra\":1} | is not defined in the schema",
                "GET | /v1/a/id | 200 | application/json | {} | required property 'id' not found",
                "GET | /v1/a/id | 200 | application/json | {\"id\":\"-5\"} | does not match the regex pattern",
                "GET | /v1/a/id | 200 | application/json | no JSON | the body is no JSON",
                "GET | /v1/a/id | 200 | text/html | 5 | media type 'text/html' is not described",
                "GET | /v1/a/id?size=5 | 200 | application/json | {\"id\":\"5\"} | parameter size is not described",
                "GET | /v1/a/id | 201 | application/json | {\"id\":\"5\"} | no such status",
                "GET | /v1/a/ids | 200 | application/json | {\"ids\":[]} | must have at least 1 items",
                "GET | /v1/a/ids/5 | 200 | application/json | {\"id\":\"5\",\"timestamp\":\"now\",\"node\":1,\"sequence\":2} | date-time",
                "GET | /v1/a/id | 400 | application/json | {\"code\":400} | required property 'message' not found",
                "GET | /v1/a/id | 503 | application/json | {\"code\":503,\"message\":\"no\"} | header Retry-After is missing",
                "GET | /v1/a/id | 405 | application/json | {\"code\":405,\"message\":\"no\"} | header Allow is missing",
                "PUT | /v1/a/id | 200 | application/json | {\"id\":\"5\"} | status must be 405",
                "GET | /v1/a/idd | 200 | application/json | {\"id\":\"5\"} | status must be 404"
            })
    void aWrongAnswerIsFound(String method, String path, int status, String type, String body, String problem) {
        HttpHeaders headers = HttpHeaders.of(Map.of("Content-Type", List.of(type)), (name, value) -> true);
        assertThat(contract.problems(method, URI.create("http://127.0.0.1" + path), status, headers, body))
                .anyMatch(text -> text.contains(problem));
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        assertThat(references(contract.document()).distinct().toList())
                .hasSizeGreaterThan(20)
                .allSatisfy(reference -> assertThat(
                                contract.document().at(reference.substring(1)).isObject())
                        .as(reference)
                        .isTrue());
    }

    private static Stream<String> references(JsonNode node) {
        JsonNode reference = node.path("$ref");
        Stream<String> here = reference.isTextual() ? Stream.of(reference.asText()) : Stream.empty();
        List<JsonNode> children = new ArrayList<>();
        node.forEach(children::add);
        return Stream.concat(here, children.stream().flatMap(ApiContractTest::references));
    }
}
