package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.RunningServer;
import io.snowline.testing.RedisServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Look-ups of records wait for the backend; while it hangs, they must not hold what others need. */
class LookUpsIT {

    private static final int LOOK_UPS = 20;

    @Test
    void whileTheBackendHangsMostAreRefusedAtOnceAndOthersAreServed(@TempDir Path directory) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(LOOK_UPS);
        try (RedisServer redis = RedisServer.start();
                RunningServer server = RunningServer.startUnready(
                        directory,
                        """
                        coordination: {type: redis, uri: '%s'}
                        limits: {lookUps: 2}
                        generators: {recorded: {mode: recorded}, leased: {}}
                        """
                                .formatted(redis.uri()))) {
            server.awaitReady();
            String id =
                    server.get("/v1/recorded/id", "Accept", "text/plain").body().strip();
            assertThat(server.get("/v1/recorded/ids/" + id).body()).contains("\"recorded\":true");

            redis.command("CLIENT", "PAUSE", "3000");
            List<CompletableFuture<HttpResponse<String>>> lookUps = new ArrayList<>();
            for (int i = 0; i < LOOK_UPS; i++) {
                lookUps.add(CompletableFuture.supplyAsync(() -> server.get("/v1/recorded/ids/" + id), clients));
            }
            assertThat(server.get("/v1/leased/id").statusCode()).isEqualTo(200);
            List<HttpResponse<String>> answers =
                    lookUps.stream().map(CompletableFuture::join).toList();

            assertThat(answers).allMatch(answer -> answer.statusCode() == 503);
            assertThat(answers.stream().filter(answer -> answer.body().contains("looking up as many records")))
                    .hasSize(LOOK_UPS - 2)
                    .allMatch(
                            answer -> answer.headers().firstValue("Retry-After").isPresent());
        } finally {
            clients.shutdownNow();
        }
    }
}
