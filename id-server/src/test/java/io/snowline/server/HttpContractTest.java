package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.snowline.id.DecodedId;
import io.snowline.id.IdLayout;
import io.snowline.server.testing.RunningServer;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The external contract over real HTTP, on the local coordinator. */
class HttpContractTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final IdLayout LAYOUT = IdLayout.classic(IdLayout.DEFAULT_EPOCH);

    private static RunningServer server;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(
                directory,
                """
                generators:
                  default: {}
                  small: {maxBatch: 10, maxRange: 1000, rangeGoodFor: 250ms, layout: {timestampBits: 38, nodeBits: 7, sequenceBits: 8, tick: 10ms}}
                  guarded: {tokens: [first-of-the-tokens, second-of-the-tokens]}
                  recorded: {mode: recorded, nodeIds: 5-9, maxWait: 2s}
                logging: {level: WARN}
                """);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Tag("T30")
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void anIdIsAStringInJson(String method) throws Exception {
        HttpResponse<String> answer = server.send(method, "/v1/default/id");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("Server")).isEmpty();
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.properties()).hasSize(1);
        assertThat(body.get("id").isTextual()).isTrue();
        assertThat(LAYOUT.decode(body.get("id").asLong()).timestamp())
                .isBetween(
                        Instant.now().minus(Duration.ofMinutes(1)),
                        Instant.now().plus(Duration.ofMinutes(1)));
    }

    @Test
    void anIdIsALineOfPlainText() {
        HttpResponse<String> answer = server.get("/v1/default/id", "Accept", "text/plain");

        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
        assertThat(answer.body().strip()).containsOnlyDigits();
    }

    @Test
    void severalIdsStrictlyIncrease() throws Exception {
        JsonNode ids =
                JSON.readTree(server.get("/v1/default/ids?count=1000").body()).get("ids");

        assertThat(ids).hasSize(1000).allMatch(JsonNode::isTextual);
        assertThat(IntStream.range(0, 1000).mapToObj(i -> ids.get(i).asLong()))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void aMissingCountIsOne() throws Exception {
        assertThat(JSON.readTree(server.get("/v1/default/ids").body()).get("ids"))
                .hasSize(1);
    }

    @Test
    void severalIdsAreLinesOfPlainText() {
        assertThat(server.get("/v1/default/ids?count=3", "Accept", "text/plain")
                        .body()
                        .lines())
                .hasSize(3)
                .allMatch(line -> line.matches("[0-9]+"));
    }

    @Test
    void severalIdsAreBigEndianOctets() {
        HttpResponse<byte[]> answer = server.bytes("/v1/default/ids?count=2", "Accept", "application/octet-stream");

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
        ByteBuffer ids = ByteBuffer.wrap(answer.body());
        assertThat(ids.remaining()).isEqualTo(16);
        assertThat(ids.getLong()).isPositive().isLessThan(ids.getLong());
    }

    @ParameterizedTest
    @CsvSource({"decimal, [0-9]+", "hex, [0-9a-f]{16}", "base62, [0-9A-Za-z]{11}", "base32, [0-9A-Z]{13}"})
    void anIdReadsBackInEveryFormat(String format, String pattern) throws Exception {
        String id = JSON.readTree(server.get("/v1/default/id?format=" + format).body())
                .get("id")
                .asText();
        JsonNode decoded = JSON.readTree(
                server.get("/v1/default/ids/" + id + "?format=" + format).body());

        assertThat(id).matches(pattern);
        assertThat(decoded.get("id").asText()).isEqualTo(id);
    }

    @Test
    void aNumberIsGivenWhereItIsAskedFor() throws Exception {
        JsonNode id =
                JSON.readTree(server.get("/v1/default/id?format=number").body()).get("id");
        JsonNode ids = JSON.readTree(
                        server.get("/v1/default/ids?count=2&format=number").body())
                .get("ids");

        assertThat(id.isNumber()).isTrue();
        assertThat(ids).allMatch(JsonNode::isNumber);
        assertThat(JSON.readTree(server.get("/v1/default/ids/" + id + "?format=number")
                                .body())
                        .get("id"))
                .isEqualTo(id);
    }

    @Test
    void aDecodedIdShowsItsParts() throws Exception {
        DecodedId expected = LAYOUT.decode(250546550301442048L);

        assertThat(server.get("/v1/default/ids/250546550301442048").body())
                .isEqualTo(
                        "{\"id\":\"250546550301442048\",\"timestamp\":\"2026-11-23T09:02:32.521Z\",\"node\":%s,\"sequence\":%s}"
                                .formatted(expected.node(), expected.sequence()));
    }

    @Test
    void aStretchOfTimeIsARangeOfIds() throws Exception {
        Instant before = Instant.now();
        long id = JSON.readTree(server.get("/v1/default/id").body()).get("id").asLong();
        Instant stamped = LAYOUT.decode(id).timestamp();
        JsonNode times = JSON.readTree(server.get("/v1/default/times?from=%s&to=%s".formatted(stamped, stamped))
                .body());
        JsonNode later = JSON.readTree(
                server.get("/v1/default/times?to=%s&from=%s".formatted(stamped.plusMillis(2), stamped.plusMillis(1)))
                        .body());

        assertThat(stamped).isAfter(before.minusSeconds(1));
        assertThat(times.properties()).extracting(Map.Entry::getKey).containsExactly("smallest", "largest");
        assertThat(id)
                .isBetween(times.get("smallest").asLong(), times.get("largest").asLong());
        assertThat(later.get("smallest").asLong())
                .isEqualTo(times.get("largest").asLong() + 1);
    }

    @Test
    void theIdsOfATimeAreWrittenInTheFormatThatIsAskedFor() {
        String path = "/v1/default/times?from=2026-11-23T08:00:00Z&to=2026-11-23T16:00:00%2B08:00&format=";

        assertThat(server.get(path + "number").body())
                .isEqualTo("{\"smallest\":250530811084800000,\"largest\":250530811088994303}");
        assertThat(server.get(path + "hex").body())
                .isEqualTo("{\"smallest\":\"037a107200000000\",\"largest\":\"037a1072003fffff\"}");
    }

    @Tag("T35")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/default/ids?count=0 | count must be a whole number from 1 to 10000, got '0'",
                "/v1/default/ids?count=-1 | count must be a whole number from 1 to 10000, got '-1'",
                "/v1/default/ids?count=10001 | count must be a whole number from 1 to 10000, got '10001'",
                "/v1/small/ids?count=11 | count must be a whole number from 1 to 10, got '11'",
                "/v1/default/ids?count=1000000000000000000000000000000 | count must be a whole number from 1 to 10000, got '1000000000000000000000000000000'",
                "/v1/default/ids?count= | count must be a whole number from 1 to 10000, got ''",
                "/v1/default/ids?count | count must be a whole number from 1 to 10000, got ''",
                "/v1/default/ids?count=1&count=2 | count must be given once, got 2 values: '1' and '2'",
                "/v1/default/ids?count=+5 | count must be a whole number from 1 to 10000, got '+5'",
                "/v1/default/ids?count=%D9%A3 | count must be a whole number from 1 to 10000, got '\u0663'",
                "/v1/default/id?count=5 | count belongs to /v1/default/ids; /id answers with one ID, got '5'",
                "/v1/default/id?node=5 | node can be named in recorded mode only, and default is leased, got '5'",
                "/v1/default/id?format=roman | format must be one of decimal, number, hex, base62, base32, got 'roman'",
                "/v1/default/id?format= | format must be one of decimal, number, hex, base62, base32, got ''",
                "/v1/recorded/id?node=4 | node must be a whole number from 5 to 9, got '4'",
                "/v1/recorded/id?node=x | node must be a whole number from 5 to 9, got 'x'",
                "/v1/default/range?count=0 | count must be a whole number from 1 to 65536, got '0'",
                "/v1/default/range?count=65537 | count must be a whole number from 1 to 65536, got '65537'",
                "/v1/default/range?count= | count must be a whole number from 1 to 65536, got ''",
                "/v1/default/range?count=1&count=2 | count must be given once, got 2 values: '1' and '2'",
                "/v1/default/range?count=5&format=hex | parameters must be among [count], got 'format'",
                "/v1/default/range?count=5&node=7 | parameters must be among [count], got 'node'",
                "/v1/small/range?count=1001 | count must be a whole number from 1 to 1000, got '1001'",
                "/v1/recorded/range?count=5 | a range can be asked for in leased mode only, and recorded is recorded",
                "/v1/default/ids/abc | decimal ID must be 1 to 19 characters of 0123456789, got 'abc'",
                "/v1/default/ids/-5 | decimal ID must be 1 to 19 characters of 0123456789, got '-5'",
                "/v1/default/ids/9223372036854775808 | decimal ID must be at most 9223372036854775807, got '9223372036854775808'",
                "/v1/default/ids/12?format=hex | hex ID must be 16 characters of 0123456789abcdef, got '12'",
                "/v1/small/ids/9223372036854775807 | id must be from 0 to 9007199254740991 in layout 38/7/8@10ms, got 9223372036854775807",
                "/v1/default/times | from must be an instant such as 2026-11-23T08:00:00Z, got none",
                "/v1/default/times?from=2026-11-23T08:00:00Z | to must be an instant such as 2026-11-23T08:00:00Z, got none",
                "/v1/default/times?from=today&to= | from must be an instant such as 2026-11-23T08:00:00Z, got 'today'",
                "/v1/default/times?from=2026-11-23T08:00:00Z&to= | to must be an instant such as 2026-11-23T08:00:00Z, got ''",
                "/v1/default/times?from=2026-11-23T08:00:00Z&to=2026-11-23T07:59:59Z | to must not be before from, got '2026-11-23T07:59:59Z' and '2026-11-23T08:00:00Z'",
                "/v1/default/times?from=2024-12-31T23:59:59Z&to=2026-11-23T08:00:00Z | from must be from 2025-01-01T00:00:00Z to before 2094-09-07T15:47:35.552Z in layout 41/10/12@1ms, got '2024-12-31T23:59:59Z'",
                "/v1/default/times?from=2026-11-23T08:00:00Z&to=+1000000000-12-31T23:59:59Z | to must be from 2025-01-01T00:00:00Z to before 2094-09-07T15:47:35.552Z in layout 41/10/12@1ms, got '+1000000000-12-31T23:59:59Z'",
                "/v1/default/times?from=a&from=b&to=c | from must be given once, got 2 values: 'a' and 'b'",
                "/v1/default/times?from=a&to=c&count=1 | parameters must be among [from, to, format], got 'count'",
                "/v1/default/times?from=a&to=c&format=roman | format must be one of decimal, number, hex, base62, base32, got 'roman'",
                "/v1/default/ids/5?count=2 | count belongs to requests for new IDs, got '2'"
            })
    void aBadRequestIsToldValueAndRule(String path, String message) throws Exception {
        assertError(server.get(path), 400, message);
    }

    @Test
    void anIdOfAnotherScriptsDigitsIsRefused() throws Exception {
        HttpResponse<String> answer = server.get("/v1/default/ids/%D9%A3");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).get("message").asText())
                .startsWith("decimal ID must be 1 to 19 characters of 0123456789, got ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/missing/id",
                "/v1/missing/ids?count=x",
                "/v1/missing/range",
                "/v1/missing/ids/1",
                "/v1/missing/times"
            })
    void anUnknownNamespaceIsNotFound(String path) throws Exception {
        assertError(server.get(path), 404, "namespace must be one of this server's, got 'missing'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1", "/v1/default", "/v1/default/idd", "/v2/default/id", "/favicon.ico"})
    void anUnknownPathIsNotFound(String path) throws Exception {
        HttpResponse<String> answer = server.get(path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(answer.body()).get("code").asInt()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT | /v1/default/id | GET, POST, OPTIONS",
                "DELETE | /v1/default/ids | GET, POST, OPTIONS",
                "PATCH | /v1/default/ids | GET, POST, OPTIONS",
                "PUT | /v1/default/range | GET, POST, OPTIONS",
                "TRACE | /v1/default/id | GET, POST, OPTIONS",
                "BREW | /v1/default/id | GET, POST, OPTIONS",
                "POST | /v1/default/ids/5 | GET, HEAD, OPTIONS",
                "POST | /v1/default/times?from=2026-11-23T08:00:00Z&to=2026-11-23T09:00:00Z | GET, HEAD, OPTIONS",
                "BREW | /v1/default/ids/5 | GET, HEAD, OPTIONS"
            })
    void anotherMethodIsNotAllowed(String method, String path, String allowed) throws Exception {
        HttpResponse<String> answer = server.send(method, path);

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains(allowed);
        assertThat(JSON.readTree(answer.body()).get("code").asInt()).isEqualTo(405);
    }

    @Test
    void aHeadRequestUsesUpNoId() throws Exception {
        double before = issued();

        HttpResponse<String> answer = server.send("HEAD", "/v1/default/id");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, POST, OPTIONS");
        assertThat(issued()).isEqualTo(before);
    }

    private static double issued() throws Exception {
        return JSON.readTree(server.admin("/metrics").body())
                .at("/counters/snowline.issued.default/count")
                .asDouble(-1);
    }

    @Test
    void optionsTellsTheMethods() {
        HttpResponse<String> answer = server.send("OPTIONS", "/v1/default/ids");

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, POST, OPTIONS");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/default/id, text/html",
        "/v1/default/id, application/octet-stream",
        "/v1/default/ids, image/png",
        "/v1/default/range, text/plain",
        "/v1/default/ids, nonsense",
        "/v1/default/ids/5, text/plain"
    })
    void whatCannotBeAnsweredIsNotAcceptable(String path, String accept) throws Exception {
        HttpResponse<String> answer = server.get(path, "Accept", accept);

        assertThat(answer.statusCode()).isEqualTo(406);
        assertThat(JSON.readTree(answer.body()).get("message").asText())
                .startsWith("Accept must allow one of application/json")
                .endsWith("got '" + accept + "'");
    }

    @Test
    void aNamespaceWithTokensAsksForOne() throws Exception {
        HttpResponse<String> none = server.get("/v1/guarded/id");
        HttpResponse<String> wrong =
                server.get("/v1/guarded/ids?count=2", "Authorization", "Bearer third-of-the-tokens");
        HttpResponse<String> right = server.get("/v1/guarded/id", "Authorization", "bearer second-of-the-tokens");

        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(JSON.readTree(none.body()).get("code").asInt()).isEqualTo(401);
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.body()).doesNotContain("third-of-the-tokens");
        assertThat(right.statusCode()).isEqualTo(200);
    }

    @Test
    void inRecordedModeTheNodeIdCanBeNamed() throws Exception {
        assertThat(LAYOUT.node(idOf(server.get("/v1/recorded/id")))).isBetween(5, 9);
        assertThat(LAYOUT.node(idOf(server.get("/v1/recorded/id?node=7")))).isEqualTo(7);
    }

    private static long idOf(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).get("id").asLong();
    }

    @Test
    void parametersThatTheCallDoesNotKnowAreRefused() {
        HttpResponse<String> refused = server.get("/v1/default/ids?size=5");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("parameters must be among [count, format, node], got 'size'");
    }

    // ---- the description ----

    @Test
    void theDescriptionIsServed() throws Exception {
        HttpResponse<String> answer = server.get("/openapi.yaml");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/yaml");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("public, max-age=300");
        assertThat(answer.body()).startsWith("openapi: 3.0.3\n");
        assertThat(server.send("HEAD", "/openapi.yaml").statusCode()).isEqualTo(200);
        assertThat(server.send("OPTIONS", "/openapi.yaml").headers().firstValue("Allow"))
                .contains("GET, HEAD, OPTIONS");
        assertThat(server.admin("/openapi.yaml").statusCode()).isEqualTo(404);
    }

    @Test
    void theDescriptionIsOnlyRead() {
        HttpResponse<String> answer = server.send("POST", "/openapi.yaml");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
    }

    // ---- administration ----

    @Test
    void healthSaysWhatIsHeld() throws Exception {
        JsonNode health = JSON.readTree(server.admin("/healthcheck").body());

        assertThat(health.at("/lease-default/healthy").asBoolean()).isTrue();
        assertThat(health.at("/lease-default/message").asText())
                .matches("node id [0-9]+, good for [0-9]+ ms without the coordinator");
        assertThat(health.at("/coordinator/message").asText()).startsWith("local directory ");
    }

    @Test
    void nodesAreListed() throws Exception {
        JsonNode nodes = JSON.readTree(server.admin("/nodes").body());

        assertThat(nodes).isNotEmpty().allSatisfy(node -> {
            assertThat(node.properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactly("namespace", "node", "owner", "label", "end", "state");
            assertThat(Instant.parse(node.get("end").asText())).isAfter(Instant.parse("2025-01-01T00:00:00Z"));
        });
        assertThat(nodes)
                .filteredOn(node -> node.get("namespace").asText().equals("default"))
                .singleElement()
                .satisfies(node -> {
                    assertThat(node.get("state").asText()).isEqualTo("held");
                    assertThat(node.get("owner").asText()).hasSize(32);
                });
    }

    @Test
    void prometheusSeesNamespacesAsLabels() {
        server.get("/v1/small/ids?count=3");

        assertThat(server.admin("/prometheus").body())
                .containsPattern("(?m)^snowline_issued_total\\{namespace=\"small\"} [0-9.]+$")
                .contains("snowline_refused_total{namespace=\"small\",reason=\"no_free_node\"} 0.0")
                .contains("snowline_node_id{lane=\"0\",namespace=\"small\"}")
                .contains("snowline_years_left{namespace=\"small\"}")
                .contains("snowline_lease_remaining_seconds{namespace=\"small\"}")
                .contains("snowline_lead_seconds{namespace=\"small\"}")
                .contains("snowline_renewals_total{namespace=\"small\"}")
                .contains("snowline_renewal_failures_total{namespace=\"small\"} 0.0")
                .contains("snowline_keeper_failures_total{namespace=\"small\"} 0.0")
                .containsPattern("(?m)^snowline_renewal_seconds_bucket\\{namespace=\"small\",le=\"\\+Inf\"} [1-9]")
                .containsPattern("(?m)^snowline_request_seconds_count\\{call=\"many\",namespace=\"small\"} [1-9]")
                .contains("snowline_jobs_waiting ")
                .contains("snowline_connections ")
                .contains("jvm_memory_used_bytes{area=\"heap\"} ");
    }

    @Tag("T35")
    @Test
    void whateverClientsSendMakesNoMetricMore() {
        sendSomethingNew("first");
        Set<String> before = metrics();
        for (int i = 0; i < 50; i++) {
            sendSomethingNew("value" + i);
        }

        assertThat(metrics()).isEqualTo(before);
    }

    private static void sendSomethingNew(String value) {
        server.get("/v1/default/id", "User-Agent", value);
        server.get("/v1/" + value + "/id");
        server.get("/v1/default/ids?count=" + value);
        server.get("/" + value);
    }

    /** The names and labels, without values. */
    private static Set<String> metrics() {
        return server.admin("/prometheus")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .collect(Collectors.toSet());
    }

    @Test
    void theAdministrationOffersNoProfiler() {
        assertThat(server.admin("/pprof").statusCode()).isEqualTo(404);
        assertThat(server.admin("/ping").body()).isEqualToIgnoringWhitespace("pong");
    }

    private static void assertError(HttpResponse<String> answer, int code, String message) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(code);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.get("message").asText()).isEqualTo(message);
        assertThat(body.get("code").asInt()).isEqualTo(code);
        assertThat(body.properties()).hasSize(2);
    }
}
