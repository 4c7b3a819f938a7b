package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.snowline.server.testing.RunningServer;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that cannot be used: a file lies where the namespace's directory should be. */
class CoordinatorAwayTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private Path records;
    private Path aside;

    @BeforeEach
    void name() {
        records = directory.resolve("data").resolve("default");
        aside = directory.resolve("data").resolve("aside");
    }

    @Tag("T27")
    @Test
    void aServerStartsWithoutItsCoordinatorAndRecoversByItself() throws Exception {
        takeAway();
        try (RunningServer server = RunningServer.startUnready(directory, yaml("30s"))) {
            await(() -> server.get("/v1/default/id").body().contains("coordinator unavailable"));
            HttpResponse<String> refused = server.get("/v1/default/ids?count=5");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(Integer.parseInt(
                            refused.headers().firstValue("Retry-After").orElseThrow()))
                    .isPositive();
            assertThat(JSON.readTree(refused.body()).get("message").asText())
                    .isEqualTo("no ID of namespace 'default' can be issued safely now: coordinator unavailable");
            assertThat(server.admin("/healthcheck").statusCode()).isEqualTo(500);
            assertThat(server.admin("/ping").statusCode()).isEqualTo(200);
            assertThat(server.admin("/prometheus").body())
                    .containsPattern(
                            "snowline_refused_total\\{namespace=\"default\",reason=\"coordinator_unavailable\"} [1-9]");

            giveBack();
            await(() -> server.get("/v1/default/id").statusCode() == 200);
            assertThat(server.admin("/healthcheck").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void nodesCannotBeListedWithoutTheCoordinator() throws Exception {
        try (RunningServer server = RunningServer.start(directory, "logging: {level: ERROR}")) {
            takeAway();
            HttpResponse<String> nodes = server.admin("/nodes");

            assertThat(nodes.statusCode()).isEqualTo(503);
            assertThat(JSON.readTree(nodes.body()).get("code").asInt()).isEqualTo(503);
            assertThat(JSON.readTree(nodes.body()).get("message").asText()).contains("cannot be used");
            giveBack();
        }
    }

    @Test
    void aServerIsReadyAsLongAsItsWindowLastsAndAgainAfterwards() throws Exception {
        try (RunningServer server = RunningServer.start(
                directory, "reservation: {ahead: 2s, renewEvery: 100ms}\n" + "logging: {level: ERROR}")) {
            await(() -> issuesFor(server, Duration.ofSeconds(1)));
            takeAway();

            await(() -> health(server).at("/lease-default/message").asText().contains("did not answer"));
            assertThat(health(server).at("/lease-default/healthy").asBoolean()).isTrue();
            assertThat(server.get("/v1/default/id").statusCode()).isEqualTo(200);

            await(() -> server.get("/v1/default/id").statusCode() == 503);
            assertThat(health(server).at("/lease-default/healthy").asBoolean()).isFalse();

            giveBack();
            await(() -> server.get("/v1/default/id").statusCode() == 200);
        }
    }

    private static boolean issuesFor(RunningServer server, Duration atLeast) {
        String message = health(server).at("/lease-default/message").asText();
        return Long.parseLong(message.replaceAll(".*good for ([0-9]+) ms.*", "$1")) >= atLeast.toMillis();
    }

    private static JsonNode health(RunningServer server) {
        try {
            return JSON.readTree(server.admin("/healthcheck").body());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String yaml(String ahead) {
        return """
                coordination: {type: local, directory: '%s'}
                reservation: {ahead: %s, renewEvery: 1s}
                logging: {level: ERROR}
                """
                .formatted(directory.resolve("data"), ahead);
    }

    private void takeAway() throws Exception {
        Files.createDirectories(records.getParent());
        if (Files.exists(records)) {
            Files.move(records, aside);
        }
        Files.writeString(records, "in the way");
    }

    private void giveBack() throws Exception {
        Files.delete(records);
        if (Files.exists(aside)) {
            Files.move(aside, records);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(10); // the server uses the machine's clock, which cannot be moved
        }
    }
}
