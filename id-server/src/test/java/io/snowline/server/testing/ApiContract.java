package io.snowline.server.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.DisallowUnknownKeywordFactory;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.oas.OpenApi30;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The description of the calls, {@code openapi.yaml}, as a judge of answers.
 *
 * <p>Thread-safe.
 */
public final class ApiContract {

    private static final String FILE = "io/snowline/server/http/openapi.yaml";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> WITHOUT_BODY = Set.of("HEAD", "OPTIONS");

    private final JsonNode document;
    /** OpenAPI's words for schemas, and those around them, which say nothing about a body. */
    private static final JsonMetaSchema WORDS = JsonMetaSchema.builder(OpenApi30.getInstance())
            .keywords(Stream.of("openapi", "info", "servers", "tags", "security", "paths", "components")
                    .map(NonValidationKeyword::new)
                    .toList())
            .unknownKeywordFactory(DisallowUnknownKeywordFactory.getInstance())
            .build();

    private final JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(
            VersionFlag.V7, builder -> builder.metaSchema(WORDS).defaultMetaSchemaIri(WORDS.getIri()));
    private final SchemaValidatorsConfig strict =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    /** Reads the description from the class path. */
    public ApiContract() {
        try (InputStream text = ApiContract.class.getResourceAsStream("/" + FILE)) {
            document = new YAMLMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the document. */
    public JsonNode document() {
        return document;
    }

    /**
     * Makes sure that an answer is one that the description promises.
     *
     * @throws AssertionError if it is not
     */
    public void check(String method, URI uri, int status, HttpHeaders headers, String body) {
        List<String> problems = problems(method, uri, status, headers, body);
        if (!problems.isEmpty()) {
            throw new AssertionError("%s %s answers %s in a way that openapi.yaml does not have: %s; body: %s"
                    .formatted(method, uri, status, problems, body.substring(0, Math.min(300, body.length()))));
        }
    }

    /**
     * Makes sure that all that a connection has sent is an error as the description has it, whatever was asked.
     *
     * @throws AssertionError if it is not
     */
    public void checkError(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        String[] head = answer.substring(0, Math.max(0, end)).split("\r\n", -1);
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : List.of(head).subList(1, head.length)) {
            headers.put(line.replaceFirst(":.*", ""), List.of(line.replaceFirst("[^:]*: *", "")));
        }
        String body = answer.substring(end + 4);
        List<String> problems = problems(
                document.at("/components/responses/Failed"), HttpHeaders.of(headers, (name, value) -> true), body);
        if (!head[0].matches("HTTP/1\\.1 4[0-9]{2} .*") || !problems.isEmpty()) {
            throw new AssertionError(
                    "an error must be as openapi.yaml has it, but: " + problems + "; answer: " + answer);
        }
    }

    /** Returns how an answer differs from what the description promises; empty if it does not. */
    List<String> problems(String method, URI uri, int status, HttpHeaders headers, String body) {
        if (WITHOUT_BODY.contains(method) || !uri.getRawPath().startsWith("/v1/") || asksForNumbers(uri)) {
            return List.of(); // the description leaves these out
        }
        JsonNode path = path(uri.getRawPath());
        JsonNode operation = path.path(method.toLowerCase(Locale.ROOT));
        if (operation.isMissingNode()) {
            int expected = path.isMissingNode() ? 404 : 405;
            return status == expected ? problems(error(status), headers, body) : List.of("status must be " + expected);
        }
        List<String> problems = new ArrayList<>(problems(response(operation, status), headers, body));
        if (status == 200) {
            problems.addAll(unknownParameters(path, uri));
        }
        return problems;
    }

    private static boolean asksForNumbers(URI uri) {
        return uri.getRawQuery() != null && uri.getRawQuery().contains("format=number");
    }

    private JsonNode path(String asked) {
        String normal = asked.endsWith("/") ? asked.substring(0, asked.length() - 1) : asked;
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            String pattern = Pattern.quote(path.getKey()).replaceAll("\\{[a-z]+}", "\\\\E[^/]+\\\\Q");
            if (normal.matches(pattern)) {
                return path.getValue();
            }
        }
        return document.path("no such path");
    }

    private JsonNode response(JsonNode operation, int status) {
        JsonNode responses = operation.get("responses");
        JsonNode exact = responses.path(String.valueOf(status));
        return resolved(exact.isMissingNode() && status >= 400 ? responses.path("default") : exact);
    }

    private JsonNode error(int status) {
        return document.at("/components/responses/" + (status == 404 ? "NotFound" : "OtherMethod"));
    }

    private JsonNode resolved(JsonNode node) {
        JsonNode reference = node.path("$ref");
        return reference.isMissingNode() ? node : document.at(reference.asText().substring(1));
    }

    private List<String> problems(JsonNode response, HttpHeaders headers, String body) {
        if (response.isMissingNode()) {
            return List.of("no such status");
        }
        List<String> problems = new ArrayList<>();
        response.path("headers").properties().forEach(header -> {
            if (headers.firstValue(header.getKey()).isEmpty()) {
                problems.add("header " + header.getKey() + " is missing");
            }
        });
        String type = headers.firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
        JsonNode schema = response.at("/content/" + type.replace("/", "~1") + "/schema");
        if (schema.isMissingNode()) {
            problems.add("media type '" + type + "' is not described");
        } else if (type.equals("application/json")) {
            problems.addAll(problems(schema.get("$ref").asText(), body));
        }
        return problems;
    }

    private List<String> problems(String schema, String json) {
        JsonNode body;
        try {
            body = JSON.readTree(json);
        } catch (IOException e) {
            return List.of("the body is no JSON");
        }
        return schemas.getSchema(SchemaLocation.of("classpath:" + FILE + schema), strict).validate(body).stream()
                .map(ValidationMessage::toString)
                .toList();
    }

    private List<String> unknownParameters(JsonNode path, URI uri) {
        List<String> known = new ArrayList<>();
        path.get("parameters")
                .forEach(parameter -> known.add(resolved(parameter).get("name").asText()));
        List<String> unknown = new ArrayList<>();
        for (String parameter : String.valueOf(uri.getRawQuery()).split("&", -1)) {
            String name = parameter.replaceFirst("=.*", "");
            if (uri.getRawQuery() != null && !name.isEmpty() && !known.contains(name)) {
                unknown.add("parameter " + name + " is not described");
            }
        }
        return unknown;
    }
}
