package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.snowline.coordination.redis.testing.Await;
import io.snowline.server.testing.RawRequest;
import io.snowline.server.testing.RunningServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests for more IDs than the layout gives at once. */
class WaitingRequestsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static RunningServer server;

    /** The slow namespaces give four IDs a second. */
    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(
                directory,
                """
                generators:
                  default: {}
                  slow: {maxWait: 10s, maxLead: 1ms, layout: {timestampBits: 30, nodeBits: 10, sequenceBits: 2, tick: 1s}}
                  strict: {maxWait: 1ms, maxLead: 1ms, layout: {timestampBits: 30, nodeBits: 10, sequenceBits: 2, tick: 1s}}
                logging: {level: ERROR}
                """);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theyHoldUpNobodyAndGetTheirIdsInTheEnd() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            waiting.add(CompletableFuture.supplyAsync(() -> server.get("/v1/slow/ids?count=3")));
        }
        List<Long> others = new ArrayList<>();
        while (!waiting.stream().allMatch(CompletableFuture::isDone)) {
            others.add(
                    JSON.readTree(server.get("/v1/default/id").body()).get("id").asLong());
        }

        assertThat(others)
                .as("others were served meanwhile")
                .hasSizeGreaterThan(20)
                .isSorted();
        List<Long> ids = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> request : waiting) {
            assertThat(request.join().statusCode()).as(request.join().body()).isEqualTo(200);
            List<Long> own = new ArrayList<>();
            for (JsonNode id : JSON.readTree(request.join().body()).get("ids")) {
                own.add(id.asLong());
            }
            assertThat(own).hasSize(3).isSorted();
            ids.addAll(own);
        }
        assertThat(ids).hasSize(18).doesNotHaveDuplicates();
    }

    @Test
    void withoutMuchWaitTheyAreRefusedWithTheReason() throws Exception {
        Await.until(
                "five seconds in reserve",
                Duration.ofMinutes(1),
                () -> secondsInReserve() > 4); // a new namespace's first windows are short

        HttpResponse<String> refused = server.get("/v1/strict/ids?count=9");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After").orElseThrow())
                .as("the next tick; it takes two seconds while logical time is ahead, as in a new namespace")
                .isIn("1", "2");
        assertThat(JSON.readTree(refused.body()).get("message").asText())
                .startsWith("no ID of namespace 'strict' can be issued safely now, rate exceeded: ");
        assertThat(server.admin("/prometheus").body())
                .contains("snowline_refused_total{namespace=\"strict\",reason=\"rate_exceeded\"} 1.0")
                .contains("snowline_answers_total{namespace=\"strict\",status=\"5xx\"} 1.0");
    }

    private static double secondsInReserve() {
        return server.admin("/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("snowline_lease_remaining_seconds{namespace=\"strict\"} "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aLargeBatchIsWholeAndInOrder() throws Exception {
        JsonNode ids =
                JSON.readTree(server.get("/v1/default/ids?count=10000").body()).get("ids");

        assertThat(ids).hasSize(10_000);
        for (int i = 1; i < ids.size(); i++) {
            assertThat(ids.get(i).asLong()).isGreaterThan(ids.get(i - 1).asLong());
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTurn() throws Exception {
        String request = "GET /v1/default/id HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n";
        try (RawRequest connection = new RawRequest(server.port())) {
            String answers = connection
                    .send((request + "\r\n").repeat(50) + request + "Connection: close\r\n\r\n")
                    .answer();

            List<Long> ids = answers.lines()
                    .filter(line -> line.matches("[0-9]{10,}"))
                    .map(Long::valueOf)
                    .toList();
            assertThat(ids).hasSize(51).isSorted().doesNotHaveDuplicates();
        }
    }
}
