package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.local.LocalCoordinatorFactory;
import io.snowline.server.testing.RunningServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long requests in recorded mode wait for a node id whose lock another process holds. */
class RecordedWaitTest {

    private static final Duration MAX_WAIT = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    private RunningServer server;
    private NodeCoordinator elsewhere;

    @BeforeEach
    void start() throws Exception {
        server = RunningServer.start(
                directory,
                """
                generators: {rec: {mode: recorded, recorded: {ledger: false, node: 0}, maxWait: 2s}}
                logging: {level: ERROR}
                """);
        LocalCoordinatorFactory factory = new LocalCoordinatorFactory();
        factory.setDirectory(directory.resolve("data").toString());
        elsewhere = factory.open();
        assertThat(server.get("/v1/rec/id").statusCode()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        elsewhere.close();
        server.close();
    }

    private record Answer(HttpResponse<String> response, Duration took) {}

    private Answer ask() {
        long begun = System.nanoTime();
        HttpResponse<String> response = server.get("/v1/rec/id");
        return new Answer(response, Duration.ofNanos(System.nanoTime() - begun));
    }

    @Test
    void maxWaitIsAPromiseOverTheWholeRequest() throws Exception {
        takeTheLock();
        List<CompletableFuture<Answer>> asked = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            asked.add(CompletableFuture.supplyAsync(this::ask));
            TimeUnit.MILLISECONDS.sleep(200); // each comes while the previous one waits
        }
        for (CompletableFuture<Answer> one : asked) {
            Answer answer = one.get(30, TimeUnit.SECONDS);
            assertThat(answer.response().statusCode()).isEqualTo(503);
            assertThat(answer.response().body()).contains("rate exceeded");
            assertThat(answer.took()).isBetween(MAX_WAIT, MAX_WAIT.plusMillis(800));
        }
    }

    private void takeTheLock() throws InterruptedException {
        while (!elsewhere.lock("rec", "node-0").tryLock("foreign", Duration.ofMinutes(1))) {
            TimeUnit.MILLISECONDS.sleep(5); // the server releases it when no request comes
        }
    }
}
