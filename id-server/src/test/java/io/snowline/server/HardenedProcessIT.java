package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.RawRequest;
import io.snowline.server.testing.ServerProcess;
import io.snowline.testing.Await;
import io.snowline.testing.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real server where something around it is not as it should be: its console, its heap, its locale, its stop. */
class HardenedProcessIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    @TempDir
    private Path temp;

    private String shared() {
        return "coordination: {type: local, directory: '%s'}\n".formatted(temp.resolve("data"));
    }

    private int status(String uri) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(uri)).timeout(SOON).build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        } catch (IOException e) {
            return 0; // not there
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aConsoleThatNobodyReadsStopsNoRequestAndNoStop() throws Exception {
        int port = FreePorts.claim();
        Files.writeString(
                temp.resolve("config.yml"),
                shared()
                        + """
                        logging: {appenders: [{type: console}]}
                        server:
                          requestLog: {appenders: [{type: console}]}
                          applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: %s}]
                          adminConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
                        """
                                .formatted(Integer.toString(port)));
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-jar",
                        ServerProcess.jar().toString(),
                        "server",
                        "config.yml")
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .start(); // its output is a pipe that takes 64 KiB
        try {
            String id = "http://127.0.0.1:" + port + "/v1/default/id";
            Await.until("the first ID", SOON, () -> status(id) == 200);
            for (int i = 0; i < 3_000; i++) {
                assertThat(status(id + "?some=" + "x".repeat(100)))
                        .as("request %s", i)
                        .isEqualTo(400);
            }
            assertThat(status(id)).isEqualTo(200);

            server.destroy();
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(server.exitValue()).isEqualTo(143);
        } finally {
            server.destroyForcibly();
        }
    }

    /** The bound of answers in flight is switched off, so that there really is not enough memory. */
    @Test
    void withoutMemoryEveryRequestIsAnsweredOrClosedAndTheServerRecovers() throws Exception {
        String yaml = shared() + "limits: {answersInFlight: 1GiB}\ngenerators: {default: {maxBatch: 100000}}";
        try (ServerProcess server =
                ServerProcess.start(temp.resolve("one"), yaml, List.of("-Xmx32m", "-XX:+UseSerialGC"), Map.of())) {
            server.awaitReady();
            int answered = 0;
            List<RawRequest> requests = new ArrayList<>();
            for (int i = 0; i < 150; i++) {
                requests.add(new RawRequest(server.base().getPort()));
            }
            for (RawRequest request : requests) {
                request.sendLine("GET /v1/default/ids?count=100000 HTTP/1.1");
            }
            for (RawRequest request : requests) {
                answered += request.answer().endsWith("]}") ? 1 : 0; // fails if nothing comes for 20 s
                request.close();
            }
            assertThat(answered).as("the others ran out of memory").isLessThan(150);

            Await.until("recovery", SOON, () -> status(server.base() + "/v1/default/id") == 200);
            Await.until(
                    "no half closed connection",
                    SOON,
                    () -> closeWait(server.base().getPort()) == 0);
            long begun = System.nanoTime();
            assertThat(server.terminate()).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void withTheDefaultsASmallHeapIsEnough() throws Exception {
        try (ServerProcess server = ServerProcess.start(
                temp.resolve("one"),
                shared(),
                List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"),
                Map.of())) {
            server.awaitReady();
            List<RawRequest> requests = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                requests.add(new RawRequest(server.base().getPort()));
            }
            for (RawRequest request : requests) {
                request.sendLine("GET /v1/default/ids?count=10000 HTTP/1.1");
            }
            for (RawRequest request : requests) {
                assertThat(request.answer()).matches("(?s)HTTP/1.1 (200|503) .*");
                request.close();
            }
            assertThat(status(server.base() + "/v1/default/ids?count=10000")).isEqualTo(200);
        }
    }

    /** Counts the connections of a port that the client has closed and the server has not. */
    private static long closeWait(int port) {
        Pattern state = Pattern.compile(" *[0-9]+: [0-9A-F]+:%s [0-9A-F:]+ 08 .*".formatted(hex(port)));
        try {
            return Files.readAllLines(Path.of("/proc/net/tcp")).stream()
                            .filter(line -> state.matcher(line).matches())
                            .count()
                    + Files.readAllLines(Path.of("/proc/net/tcp6")).stream()
                            .filter(line -> state.matcher(line).matches())
                            .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hex(int port) {
        String digits = Integer.toHexString(port).toUpperCase(Locale.ROOT);
        return "0".repeat(4 - digits.length()) + digits;
    }

    @ParameterizedTest
    @CsvSource({"fa, IR, u-nu-arabext", "tr, TR, ''", "ar, EG, u-nu-arab"})
    void inAnyLocaleItSpeaksToMachinesInOneWay(String language, String country, String extensions) {
        List<String> options =
                List.of("-Duser.language=" + language, "-Duser.country=" + country, "-Duser.extensions=" + extensions);
        try (ServerProcess server = ServerProcess.start(temp.resolve("one"), shared(), options, Map.of())) {
            server.awaitReady();

            Matcher hint = Pattern.compile("Try: curl (\\S+)").matcher(server.log());
            assertThat(hint.find()).isTrue();
            assertThat(status(hint.group(1))).isEqualTo(200);
            assertThat(server.get("/v1/default/ids?count=2").body())
                    .matches("\\{\"ids\":\\[\"[0-9]{18,19}\",\"[0-9]{18,19}\"]}");
            assertThat(server.get("/v1/default/ids?count=99999").body())
                    .contains("count must be a whole number from 1 to 10000, got '99999'");
            assertThat(server.send(HttpRequest.newBuilder(URI.create(server.admin() + "/prometheus"))
                                    .build())
                            .body())
                    .contains("snowline_issued_total{namespace=\"default\"} ");
            assertThat(server.log()).doesNotContain("Exception");
            assertThat(server.terminate()).isEqualTo(143);
        }
    }

    @Test
    void onAStopReadinessGoesFirstAndIdsAreIssuedForTheWait() {
        String yaml = shared()
                + """
                health:
                  initialOverallState: false
                  delayedShutdownHandlerEnabled: true
                  shutdownWaitPeriod: 3s
                  healthChecks:
                    - name: lease-default
                      type: ready
                      critical: true
                      initialState: false
                      schedule: {checkInterval: 1s, downtimeInterval: 1s, failureAttempts: 1, successAttempts: 1}
                """;
        try (ServerProcess server = ServerProcess.start(temp.resolve("one"), yaml)) {
            String ready = server.base() + "/health-check?type=ready";
            server.awaitReady();
            Await.until("readiness", SOON, () -> status(ready) == 200);

            server.askToStop();
            long begun = System.nanoTime();
            Await.until("the end of readiness", SOON, () -> status(ready) == 503);
            int issued = 0;
            while (status(server.base() + "/v1/default/id") == 200) {
                issued++;
            }

            assertThat(issued).as("IDs while it was no longer ready").isGreaterThan(10);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofMillis(2_500), Duration.ofSeconds(10));
            assertThat(server.awaitExit()).isEqualTo(143);
            assertThat(server.log()).contains("gave back node id");
        }
    }

    @Test
    void theLogMayBeJson() {
        String yaml = shared() + "logging: {appenders: [{type: console, layout: {type: json}}]}";
        try (ServerProcess server = ServerProcess.start(temp.resolve("one"), yaml)) {
            server.awaitReady();
            assertThat(server.log().lines().filter(line -> line.contains("acquired node id")))
                    .hasSize(1)
                    .allMatch(line -> line.startsWith("{") && line.contains("\"message\":") && line.endsWith("}"));
        }
    }
}
