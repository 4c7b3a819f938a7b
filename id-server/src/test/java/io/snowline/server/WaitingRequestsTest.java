package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.snowline.server.testing.RawRequest;
import io.snowline.server.testing.RunningServer;
import io.snowline.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    /** The slow namespaces give four IDs a second, the tired one sixteen. */
    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(
                directory,
                """
                generators:
                  default: {}
                  slow: {maxWait: 10s, maxLead: 1ms, layout: {timestampBits: 30, nodeBits: 10, sequenceBits: 2, tick: 1s}}
                  tired: {maxWait: 10s, maxLead: 1ms, layout: {timestampBits: 32, nodeBits: 10, sequenceBits: 2, tick: 250ms}}
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

    /**
     * The requests behind it make the answering thread wait for the next ticks; meanwhile the connection must not stay
     * unread.
     */
    @Test
    void whoHasTheirsIsHeardAgainWhileOthersStillWait() throws Exception {
        String waits = "GET /v1/tired/ids?count=12 HTTP/1.1\r\nHost: localhost\r\n\r\n";
        List<CompletableFuture<Times>> connections = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            connections.add(CompletableFuture.supplyAsync(() -> times(waits)));
        }
        List<Times> all = connections.stream().map(CompletableFuture::join).toList();

        assertThat(all.stream().mapToLong(Times::whole).min().orElseThrow())
                .as("the first next request is answered before the last of those who wait")
                .isLessThan(all.stream().mapToLong(Times::begun).max().orElseThrow());
    }

    /**
     * The times, by {@link System#nanoTime}, when the answer to a request began, and when the answer to one sent behind
     * it was complete.
     */
    private record Times(long begun, long whole) {}

    private static Times times(String request) {
        try (RawRequest connection = new RawRequest(server.port())) {
            connection.send(request).sendLine("GET /v1/default/id HTTP/1.1").awaitBegin();
            long begun = System.nanoTime();
            assertThat(connection.answer().split("HTTP/1.1 200 OK", -1)).hasSize(3);
            return new Times(begun, System.nanoTime());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
                .isEqualTo("no ID of namespace 'strict' can be issued safely now: rate exceeded");
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
