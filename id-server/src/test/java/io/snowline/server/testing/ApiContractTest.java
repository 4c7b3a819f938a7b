package io.snowline.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The description of the calls, and the judge itself. */
class ApiContractTest {

    private final ApiContract contract = new ApiContract();

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
