package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.snowline.server.testing.RawRequest;
import io.snowline.server.testing.RunningServer;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens and bounds, asked over HTTP. */
class AccessTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String FIRST = "first-of-the-tokens";
    private static final String SECOND = "second-of-the-tokens";

    @TempDir
    private Path directory;

    private static int status(RunningServer server, String path, String token) {
        return server.get(path, "Authorization", "Bearer " + token).statusCode();
    }

    private static double counter(RunningServer server, String name) throws Exception {
        return JSON.readTree(server.admin("/metrics").body())
                .at("/counters/" + name + "/count")
                .asDouble(-1);
    }

    @Test
    void tokensAreExchangedWithoutARestart() throws Exception {
        Path file = Files.writeString(directory.resolve("tokens"), FIRST);
        try (RunningServer server =
                RunningServer.start(directory, "generators: {orders: {tokensFile: '%s'}}".formatted(file))) {
            assertThat(status(server, "/v1/orders/id", FIRST)).isEqualTo(200);
            assertThat(status(server, "/v1/orders/id", SECOND)).isEqualTo(401);

            Files.writeString(file, "billing: " + SECOND);
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (status(server, "/v1/orders/id", FIRST) == 200 && System.nanoTime() - deadline < 0) {
                Thread.onSpinWait(); // each look is a request
            }

            assertThat(status(server, "/v1/orders/id", FIRST)).isEqualTo(401);
            assertThat(status(server, "/v1/orders/ids?count=4", SECOND)).isEqualTo(200);
            assertThat(counter(server, "snowline.issued_to.billing.orders")).isEqualTo(4);
            assertThat(counter(server, "snowline.unauthorized.orders")).isEqualTo(3);
            assertThat(server.admin("/prometheus").body())
                    .contains("snowline_issued_to_total{namespace=\"orders\",token=\"billing\"} 4.0")
                    .contains("snowline_unauthorized_total{namespace=\"orders\"} 3.0")
                    .doesNotContain(SECOND);
        }
    }

    @Test
    void wrongTokensOfAnAddressAreBounded() throws Exception {
        String yaml = "limits: {failedLoginsPerMinute: 3}\ngenerators: {orders: {tokens: %s}, open: {}}";
        try (RunningServer server = RunningServer.start(directory, yaml.formatted(FIRST))) {
            for (int i = 0; i < 3; i++) {
                assertThat(status(server, "/v1/orders/id", SECOND)).isEqualTo(401);
            }
            HttpResponse<String> refused = server.get("/v1/orders/id", "Authorization", "Bearer " + SECOND);

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0))
                    .isBetween(1L, 21L);
            assertThat(status(server, "/v1/open/id", SECOND)).isEqualTo(200);
            assertThat(counter(server, "snowline.limited.failed_logins.orders")).isEqualTo(1);
        }
    }

    @Test
    void theIdsOfAClientAreBoundedPerSecondAndPerDay() throws Exception {
        String yaml =
                """
                limits: {idsPerSecond: 10, idsPerDay: 15}
                generators: {orders: {tokens: [a: %s, b: %s]}, recorded: {mode: recorded}}
                """
                        .formatted(FIRST, SECOND);
        try (RunningServer server = RunningServer.start(directory, yaml)) {
            assertThat(status(server, "/v1/orders/ids?count=1000", FIRST)).isEqualTo(200);
            HttpResponse<String> refused = server.get("/v1/orders/id", "Authorization", "Bearer " + FIRST);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0))
                    .isBetween(80L, 100L);
            assertThat(refused.body()).contains("a client of this namespace may take at most 10 IDs in a second");
            assertThat(status(server, "/v1/orders/id", SECOND)).isEqualTo(200);

            assertThat(server.get("/v1/recorded/ids?count=16").statusCode())
                    .as("more than a day's")
                    .isEqualTo(429);
            assertThat(server.get("/v1/recorded/ids?count=9").statusCode()).isEqualTo(200);
            assertThat(server.get("/v1/recorded/ids?count=7").body()).contains("at most 15 IDs in a day");
        }
    }

    @Test
    void answersThatAreNotReadDoNotPileUp() throws Exception {
        String yaml = "limits: {answersInFlight: 1MiB}\ngenerators: {default: {maxBatch: 1000000}}";
        try (RunningServer server = RunningServer.start(directory, yaml);
                RawRequest slow = new RawRequest(server.port())) {
            // Its answer is larger than what the sockets take, so that most of it waits in the server.
            slow.sendLine("GET /v1/default/ids?count=1000000 HTTP/1.1").awaitBegin();

            HttpResponse<String> refused = server.get("/v1/default/ids?count=10000");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(server.get("/v1/default/id").statusCode())
                    .as("small ones pass")
                    .isEqualTo(200);
            assertThat(counter(server, "snowline.limited.answers_in_flight.default"))
                    .isEqualTo(1);

            assertThat(slow.answer()).as("all of it arrives").endsWith("]}");
            assertThat(server.get("/v1/default/ids?count=10000").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void theAccessLogNamesTheToken() throws Exception {
        Path log = directory.resolve("access.txt");
        try (RunningServer server = RunningServer.start(
                directory,
                "generators: {orders: {tokens: [billing: %s]}}".formatted(FIRST),
                "requestLog: {appenders: [{type: file, currentLogFilename: '%s', archive: false}]}".formatted(log))) {
            assertThat(status(server, "/v1/orders/id", FIRST)).isEqualTo(200);
            assertThat(status(server, "/v1/orders/id", SECOND)).isEqualTo(401);
        }
        assertThat(Files.readString(log))
                .containsPattern("127\\.0\\.0\\.1 - billing \\[.*] \"GET /v1/orders/id HTTP/1\\.1\" 200 ")
                .containsPattern("127\\.0\\.0\\.1 - - \\[.*] \"GET /v1/orders/id HTTP/1\\.1\" 401 ")
                .doesNotContain(FIRST, SECOND);
    }
}
