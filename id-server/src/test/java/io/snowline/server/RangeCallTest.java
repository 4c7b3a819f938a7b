package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.snowline.id.IdLayout;
import io.snowline.id.IdRange;
import io.snowline.server.testing.RunningServer;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The call for ranges over real HTTP. */
class RangeCallTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final IdLayout SAFE = IdLayout.javaScriptSafe(Instant.parse("2026-01-01T00:00:00Z"));

    private static RunningServer server;

    /** The slow namespace gives four IDs a second. */
    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(
                directory,
                """
                generators:
                  default: {}
                  safe: {rangeGoodFor: 250ms, epoch: 2026-01-01T00:00:00Z, layout: {timestampBits: 38, nodeBits: 7, sequenceBits: 8, tick: 10ms}}
                  lanes: {lanes: 3, layout: {timestampBits: 41, nodeBits: 14, sequenceBits: 8}}
                  guarded: {tokens: [first-token]}
                  slow: {maxWait: 10s, maxLead: 1ms, layout: {timestampBits: 30, nodeBits: 10, sequenceBits: 2, tick: 1s}}
                  strict: {maxWait: 1ms, maxLead: 1ms, layout: {timestampBits: 30, nodeBits: 10, sequenceBits: 2, tick: 1s}}
                logging: {level: ERROR}
                """);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static IdRange range(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode body = JSON.readTree(answer.body());
        String[] layout = body.get("layout").asText().split("[/@]", -1);
        return new IdRange(
                new IdLayout(
                        Integer.parseInt(layout[0]),
                        Integer.parseInt(layout[1]),
                        Integer.parseInt(layout[2]),
                        Duration.ofMillis(Long.parseLong(layout[3].replace("ms", ""))),
                        Instant.parse(body.get("epoch").asText())),
                body.get("node").asInt(),
                Long.parseLong(body.get("position").asText()),
                body.get("count").asInt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void aRangeHasWhatItTakesToComposeItsIds(String method) throws Exception {
        HttpResponse<String> answer = server.send(method, "/v1/safe/range?count=200");

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("first", "count", "node", "position", "layout", "epoch", "goodForMillis");
        assertThat(body.get("layout").asText()).isEqualTo("38/7/8@10ms");
        assertThat(body.get("epoch").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(body.get("goodForMillis").asInt()).isEqualTo(250);
        assertThat(body.get("first").isTextual()).isTrue();
        assertThat(body.get("position").isTextual()).isTrue();
        assertThat(range(answer).count()).isBetween(1, 200);
        assertThat(range(answer).layout()).isEqualTo(SAFE);
        assertThat(range(answer).first()).isEqualTo(body.get("first").asLong());
    }

    @Test
    void aRangeInOctetsHasTheSameFields() {
        HttpResponse<byte[]> answer = server.bytes("/v1/safe/range?count=9", "Accept", "application/octet-stream");

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
        ByteBuffer body = ByteBuffer.wrap(answer.body());
        assertThat(body.remaining()).isEqualTo(48 + "safe".length());
        long first = body.getLong();
        long position = body.getLong();
        int count = body.getInt();
        int node = body.getInt();
        assertThat(count).isBetween(1, 9);
        assertThat(new int[] {body.get(), body.get(), body.get(), body.get()}).containsExactly(38, 7, 8, 4);
        assertThat(body.getInt()).isEqualTo(10);
        assertThat(body.getLong()).isEqualTo(SAFE.epoch().toEpochMilli());
        assertThat(body.getLong()).isEqualTo(250);
        assertThat(StandardCharsets.US_ASCII.decode(body).toString()).isEqualTo("safe");
        assertThat(new IdRange(SAFE, node, position, count).first()).isEqualTo(first);
    }

    @Test
    void noIdIsInTwoRangesOrInARangeAndInABatch() throws Exception {
        List<CompletableFuture<Set<Long>>> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(CompletableFuture.supplyAsync(() -> taken(60)));
        }
        Set<Long> all = new HashSet<>();
        long taken = 0;
        for (CompletableFuture<Set<Long>> client : clients) {
            taken += client.get().size();
            all.addAll(client.get());
        }

        assertThat(taken).isGreaterThan(60 * 4);
        assertThat(all).hasSize((int) taken);
    }

    private static Set<Long> taken(int requests) {
        Set<Long> ids = new HashSet<>();
        try {
            for (int i = 0; i < requests; i++) {
                if (i % 3 == 0) {
                    JSON.readTree(server.get("/v1/lanes/ids?count=50").body())
                            .get("ids")
                            .forEach(id -> assertThat(ids.add(id.asLong())).isTrue());
                } else {
                    range(server.get("/v1/lanes/range?count=400")).ids().forEach(id -> assertThat(ids.add(id))
                            .isTrue());
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return ids;
    }

    @Test
    void itsIdsAndTheRangeItselfAreCounted() throws Exception {
        double issued = counter("issued");
        double ranges = counter("ranges");

        int count = range(server.get("/v1/guarded/range?count=500", "Authorization", "Bearer first-token"))
                .count();

        assertThat(counter("issued")).isEqualTo(issued + count);
        assertThat(counter("ranges")).isEqualTo(ranges + 1);
        assertThat(server.admin("/prometheus").body())
                .contains("snowline_ranges_total{namespace=\"guarded\"}")
                .doesNotContain("server_unavailable", "request_refused");
    }

    private static double counter(String name) throws Exception {
        return JSON.readTree(server.admin("/metrics").body())
                .at("/counters/snowline." + name + ".guarded/count")
                .asDouble(-1);
    }

    @Test
    void aNamespaceWithTokensAsksForOne() {
        assertThat(server.get("/v1/guarded/range").statusCode()).isEqualTo(401);
        assertThat(server.get("/v1/guarded/range", "Authorization", "Bearer other")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void requestsThatWaitGetTheirRangesInTurnWithWhatTheTickGives() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(CompletableFuture.supplyAsync(() -> server.get("/v1/slow/range?count=1000")));
        }
        Set<Long> ids = new HashSet<>();
        int taken = 0;
        for (CompletableFuture<HttpResponse<String>> request : waiting) {
            IdRange range = range(request.get());
            taken += range.count();
            range.ids().forEach(ids::add);
        }

        assertThat(taken).isBetween(4, 1_000);
        assertThat(ids).hasSize(taken);
    }

    @Test
    void ifNotOneIdCanBeHadInMaxWaitTheAnswerIsARefusalWithTheReason() throws Exception {
        HttpResponse<String> answer = server.get("/v1/strict/range?count=1000");
        for (int i = 0; i < 20 && answer.statusCode() == 200; i++) {
            answer = server.get("/v1/strict/range?count=1000"); // until the windows are used up
        }

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After").orElseThrow()).matches("[0-9]+");
        assertThat(JSON.readTree(answer.body()).get("message").asText())
                .startsWith("no ID of namespace 'strict' can be issued safely now: ");
    }
}
