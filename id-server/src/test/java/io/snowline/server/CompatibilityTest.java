package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.snowline.id.IdLayout;
import io.snowline.server.testing.RunningServer;
import io.snowline.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls of Leaf, TinyID and Snowizard, as their clients make them. */
class CompatibilityTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final IdLayout LAYOUT = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
    private static final String TOKEN = "0f673adf80504e2eaa552f5d791b644c";

    @TempDir
    private static Path directory;

    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        server = RunningServer.start(
                directory,
                """
                compatibility:
                  leaf: {keys: {order-tag: orders, secret: guarded}, segments: true, zone: Asia/Shanghai}
                  tinyid: {types: {order: orders, secret: guarded, recorded: recorded, wide: wide}, maxBatch: 5000}
                  snowizard: {namespace: orders, validateUserAgent: false}
                generators:
                  orders: {}
                  guarded: {tokens: ['%s']}
                  recorded: {mode: recorded}
                  wide: {layout: {timestampBits: 30, nodeBits: 1, sequenceBits: 32, tick: 1s}}
                """
                        .formatted(TOKEN),
                "requestLog: {appenders: [{type: file, currentLogFilename: '%s', archive: false}]}"
                        .formatted(directory.resolve("access.txt")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        return JSON.readTree(answer.body());
    }

    // ---- Leaf ----

    @ParameterizedTest
    @CsvSource({
        "GET, /api/snowflake/get/order-tag",
        "POST, /api/snowflake/get/order-tag",
        "GET, /api/segment/get/order-tag"
    })
    void leafGivesAnIdAsPlainDigits(String method, String path) {
        HttpResponse<String> answer = server.send(method, path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain");
        assertThat(answer.body()).matches("[0-9]{18}");
    }

    @Test
    void leafRefusesAnUnknownKeyAndOneWithTokens() throws Exception {
        HttpResponse<String> unknown = server.get("/api/snowflake/get/other");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(json(unknown).get("message").asText())
                .isEqualTo("the key must be one of those configured, got 'other'");
        assertThat(server.get("/api/snowflake/get/secret").statusCode()).isEqualTo(401);
        assertThat(server.get("/api/snowflake/get/secret", "Authorization", "Bearer " + TOKEN)
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.send("HEAD", "/api/snowflake/get/order-tag").statusCode())
                .isEqualTo(405);
    }

    @Test
    void leafTellsWhatAnIdContains() throws Exception {
        long id = LAYOUT.compose(LAYOUT.position(LAYOUT.smallestId(Instant.parse("2026-09-06T01:35:00.834Z"))) + 3, 39);

        HttpResponse<String> answer = server.get("/decodeSnowflakeId?snowflakeId=" + id);

        assertThat(answer.body())
                .isEqualTo(
                        "{\"timestamp\":\"1788658500834(2026-09-06 09:35:00.834)\",\"sequenceId\":\"3\",\"workerId\":\"39\"}");
    }

    @Test
    void leafTellsNothingOfANamespaceWithTokensToOthers(@TempDir Path own) throws Exception {
        String yaml =
                """
                compatibility: {leaf: {keys: {secret: guarded}}}
                generators: {guarded: {tokens: ['%s']}}
                """
                        .formatted(TOKEN);
        try (RunningServer guarded = RunningServer.start(own, yaml)) {
            assertThat(guarded.get("/decodeSnowflakeId?snowflakeId=5").statusCode())
                    .isEqualTo(401);
            assertThat(guarded.get("/decodeSnowflakeId?snowflakeId=5", "Authorization", "Bearer " + TOKEN)
                            .body())
                    .contains("workerId");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?snowflakeId=", "?snowflakeId=abc", "?snowflakeId=-1"})
    void leafTellsWhyAnIdCannotBeRead(String query) throws Exception {
        HttpResponse<String> answer = server.get("/decodeSnowflakeId" + query);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).get("errorMsg").asText()).isNotBlank();
    }

    // ---- TinyID ----

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void tinyIdGivesIdsAsNumbers(String method) throws Exception {
        HttpResponse<String> answer = server.send(method, "/tinyid/id/nextId?bizType=order&batchSize=3&token=any");

        JsonNode body = json(answer);
        assertThat(body.get("code").asInt()).isEqualTo(200);
        assertThat(body.get("message").asText()).isEmpty();
        assertThat(body.get("data")).hasSize(3).allMatch(JsonNode::isIntegralNumber);
        assertThat(server.send(method, "/tinyid/id/nextIdSimple?bizType=order&batchSize=2&token=")
                        .body())
                .matches("[0-9]{18},[0-9]{18}");
    }

    @ParameterizedTest
    @CsvSource({",1", "1,1", "5000,5000", "5001,5000", "1000000000,5000"})
    void tinyIdGivesAtMostItsMaxBatch(String asked, int given) throws Exception {
        String size = asked == null ? "" : "&batchSize=" + asked;

        assertThat(json(server.get("/tinyid/id/nextId?bizType=order" + size)).get("data"))
                .hasSize(given);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bizType=order&batchSize=0 | 6 | batchSize must be a whole number of at least 1, got '0'",
                "bizType=order&batchSize=-1 | 6 | batchSize must be a whole number of at least 1, got '-1'",
                "bizType=order&batchSize=10000000000000 | 6 | batchSize must be a whole number of at least 1, got '10000000000000'",
                "bizType=other | 6 | bizType must be one of those configured, got 'other'",
                "batchSize=1 | 6 | bizType must be one of those configured, got ''",
                "bizType=secret | 5 | token is error",
                "bizType=secret&token=wrong-token | 5 | token is error"
            })
    void tinyIdTellsAFailureInItsOwnForm(String query, int code, String message) throws Exception {
        HttpResponse<String> answer = server.get("/tinyid/id/nextId?" + query);

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode body = json(answer);
        assertThat(body.get("data").isNull()).isTrue();
        assertThat(body.get("code").asInt()).isEqualTo(code);
        assertThat(body.get("message").asText()).isEqualTo(message);
        HttpResponse<String> simple = server.get("/tinyid/id/nextIdSimple?" + query);
        assertThat(simple.statusCode()).isEqualTo(200);
        assertThat(simple.body()).isEmpty();
    }

    @Test
    void tinyIdsTokenOpensANamespaceAndIsNeverLogged() throws Exception {
        assertThat(json(server.get("/tinyid/id/nextId?bizType=secret&token=" + TOKEN))
                        .get("data"))
                .hasSize(1);
        assertThat(server.get("/v1/orders/id?format=hex").statusCode()).isEqualTo(200);

        Await.until(
                "the access log",
                Duration.ofSeconds(10),
                () -> log().contains("/tinyid/id/nextId ") && log().contains("/v1/orders/id?format=hex"));
        assertThat(log()).doesNotContain(TOKEN).doesNotContain("token=");
    }

    private static String log() {
        try {
            return Files.readString(directory.resolve("access.txt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void tinyIdsSegmentsAreCountedThroughByItsClients() throws Exception {
        List<CompletableFuture<Set<Long>>> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(CompletableFuture.supplyAsync(() -> countedThrough(25_000)));
        }
        Set<Long> all = new HashSet<>();
        int taken = 0;
        for (CompletableFuture<Set<Long>> client : clients) {
            taken += client.get().size();
            all.addAll(client.get());
        }
        assertThat(taken).isGreaterThanOrEqualTo(100_000);
        assertThat(all).as("none twice").hasSize(taken);
        assertThat(all).allMatch(id -> LAYOUT.decode(id).id() == id);
    }

    /** Takes IDs as TinyID's client does: from currentId, not included, to maxId in steps of delta. */
    private static Set<Long> countedThrough(int count) {
        Set<Long> ids = new HashSet<>();
        while (ids.size() < count) {
            String[] segment = server.send("POST", "/tinyid/id/nextSegmentIdSimple?bizType=order&token=any")
                    .body()
                    .split(",", -1);
            long current = Long.parseLong(segment[0]);
            long last = Long.parseLong(segment[2]);
            assertThat(Long.parseLong(segment[1])).isBetween(current, last);
            assertThat(segment[3] + segment[4]).isEqualTo("10");
            assertThat(last - current).as("IDs of one tick and node id").isBetween(1L, 4_096L);
            assertThat(LAYOUT.decode(last).timestamp())
                    .isEqualTo(LAYOUT.decode(current + 1).timestamp());
            for (long id = current + 1; id <= last; id++) {
                assertThat(ids.add(id)).isTrue();
            }
        }
        return ids;
    }

    @Test
    void tinyIdsSegmentAsAnObjectHasTheSameFields() throws Exception {
        JsonNode data =
                json(server.get("/tinyid/id/nextSegmentId?bizType=order")).get("data");

        assertThat(data.get("currentId").asLong()).isLessThan(data.get("maxId").asLong());
        assertThat(data.get("loadingId").asLong())
                .isBetween(data.get("currentId").asLong(), data.get("maxId").asLong());
        assertThat(data.get("delta").asInt()).isEqualTo(1);
        assertThat(data.get("remainder").asInt()).isZero();
    }

    @Test
    void tinyIdsSegmentsAreRangesWhereATickHasMoreIdsThanAnyRange() throws Exception {
        JsonNode data =
                json(server.get("/tinyid/id/nextSegmentId?bizType=wide")).get("data");

        assertThat(data.get("maxId").asLong() - data.get("currentId").asLong()).isBetween(1L, 65_536L);
    }

    @Test
    void tinyIdsWrongTokensAreCountedAsAllOthers() throws Exception {
        double before = unauthorized();

        assertThat(server.get("/tinyid/id/nextId?bizType=secret&token=wrong-token")
                        .statusCode())
                .isEqualTo(200);

        assertThat(unauthorized()).isEqualTo(before + 1);
    }

    private static double unauthorized() throws Exception {
        return JSON.readTree(server.admin("/metrics").body())
                .at("/counters/snowline.unauthorized.guarded/count")
                .asDouble();
    }

    @Test
    void tinyIdsSegmentsDoNotExistInRecordedMode() throws Exception {
        assertThat(json(server.get("/tinyid/id/nextSegmentId?bizType=recorded"))
                        .get("message")
                        .asText())
                .isEqualTo("a segment can be asked for in leased mode only, and recorded is recorded");
        assertThat(json(server.get("/tinyid/id/nextId?bizType=recorded")).get("data"))
                .hasSize(1);
    }

    // ---- Snowizard ----

    @Test
    void snowizardGivesAnIdAsTextAndAsJson() throws Exception {
        assertThat(server.get("/", "Accept", "text/plain").body()).matches("[0-9]{18}");
        JsonNode body = json(server.get("/", "Accept", "application/json"));
        assertThat(body.get("id").isIntegralNumber()).isTrue();
        assertThat(body.get("id_str").asText()).isEqualTo(body.get("id").asText());
    }

    @ParameterizedTest
    @CsvSource({"'',1", "?count=1,1", "?count=1000,1000"})
    void snowizardGivesIdsInProtocolBuffers(String query, int count) {
        HttpResponse<byte[]> answer =
                server.bytes("/" + query, "Accept", "application/x-protobuf", "User-Agent", "snowizard-client");

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-protobuf");
        List<Long> ids = decoded(answer.body());
        assertThat(ids).hasSize(count).doesNotHaveDuplicates().isSorted();
        assertThat(ids).allMatch(id -> LAYOUT.decode(id).id() == id);
    }

    private static List<Long> decoded(byte[] message) {
        List<Long> ids = new ArrayList<>();
        int at = 0;
        while (at < message.length) {
            assertThat(message[at++]).as("the tag of field 1").isEqualTo((byte) 8);
            long id = 0;
            int shift = 0;
            do {
                id |= (message[at] & 0x7FL) << shift;
                shift += 7;
            } while (message[at++] < 0);
            ids.add(id);
        }
        return ids;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?count=0 | application/x-protobuf | 400",
                "?count=-1 | application/x-protobuf | 400",
                "?count=1000000000 | application/x-protobuf | 400",
                "?count=2 | application/json | 400",
                "?callback=f | application/javascript | 406"
            })
    void snowizardRefusesWhatItWouldGetWrong(String query, String accept, int status) {
        assertThat(server.get("/" + query, "Accept", accept).statusCode()).isEqualTo(status);
    }

    @Test
    void snowizardAnswersPingAndVersion() {
        assertThat(server.get("/ping").body()).isEqualTo("pong");
        assertThat(server.get("/version").body()).isNotBlank();
        assertThat(server.send("POST", "/").statusCode()).isEqualTo(405);
        assertThat(server.get("/;a").statusCode()).isEqualTo(404);
    }

    // ---- unless asked for ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/ping",
                "/version",
                "/decodeSnowflakeId?snowflakeId=1",
                "/api/snowflake/get/default",
                "/api/segment/get/default",
                "/tinyid/id/nextId?bizType=default"
            })
    void noneOfItExistsUnlessItIsAskedFor(String path, @TempDir Path own) throws Exception {
        try (RunningServer plain = RunningServer.start(own, "generators: {default: {}}\n")) {
            assertThat(plain.get(path).statusCode()).isEqualTo(404);
        }
    }
}
