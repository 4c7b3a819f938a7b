package io.snowline.spring.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.redis.RedisCoordinatorFactory;
import io.snowline.testing.Await;
import io.snowline.testing.FreePorts;
import io.snowline.testing.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An application as a process, which SIGTERM stops while requests arrive. Runs on each line of Spring Boot. */
@Timeout(180)
class StopUnderLoadIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int HELD = 6;
    private static final int LOADING = 4;
    private static final int TERMINATED = 128 + 15;

    private final int port = FreePorts.claim();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final RedisServer redis = RedisServer.start();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile boolean stopping;

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        threads.shutdownNow();
        redis.close();
    }

    @Test
    void everyRequestThatWasAcceptedGetsItsIdAndTheNodeIdsAreGivenBack() throws Exception {
        Process shop = launch();
        try {
            Await.until("the shop", SOON, () -> ok("/actuator/health"));
            List<CompletableFuture<String>> held =
                    Stream.generate(() -> later("/hold")).limit(HELD).toList();
            Await.until("the requests that are held until the stop", SOON, () -> body("/held")
                    .equals(Optional.of(Integer.toString(HELD))));
            Queue<HttpResponse<String>> loaded = new ConcurrentLinkedQueue<>();
            List<CompletableFuture<Void>> load = Stream.generate(
                            () -> CompletableFuture.runAsync(() -> ask(shop, loaded), threads))
                    .limit(LOADING)
                    .toList();
            Await.until("the load", SOON, () -> loaded.size() > 100);

            stopping = true;
            shop.destroy(); // SIGTERM

            assertThat(shop.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(shop.exitValue()).as(log()).isEqualTo(TERMINATED);
            CompletableFuture.allOf(load.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
            List<String> ids = new ArrayList<>();
            for (CompletableFuture<String> request : held) {
                ids.add(request.get(30, TimeUnit.SECONDS));
            }
            assertThat(lost).hasValue(0);
            assertThat(loaded).allMatch(answer -> answer.statusCode() == 200);
            loaded.forEach(answer -> ids.add(answer.body()));
            assertThat(ids).allMatch(id -> id.matches("[0-9]{10,19}")).doesNotHaveDuplicates();
            assertThat(log())
                    .as("what the application logs of requests that fail")
                    .doesNotContain("Exception");
            assertGivenBack("orders");
            assertGivenBack("invoices");
        } finally {
            shop.destroyForcibly();
        }
    }

    private Process launch() throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Shop.class.getName(),
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--server.shutdown=graceful",
                "--spring.main.banner-mode=off",
                "--logging.level.root=warn",
                "--spring.datasource.url=jdbc:h2:mem:shop",
                "--spring.jpa.hibernate.ddl-auto=create-drop",
                "--snowline.coordination.type=redis",
                "--snowline.coordination.uri=" + redis.uri(),
                "--snowline.namespaces=orders,invoices");
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log.txt").toFile())
                .start();
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("log.txt"));
    }

    /** Asks for IDs until the process has ended; a connection that is refused or closed has accepted no request. */
    private void ask(Process shop, Queue<HttpResponse<String>> answers) {
        while (shop.isAlive()) {
            Optional<HttpResponse<String>> answer = get("/id");
            if (answer.isPresent()) {
                answers.add(answer.get());
            } else if (stopping) {
                LockSupport.parkNanos(5_000_000); // leaves the processor to the process that stops
            } else {
                lost.incrementAndGet();
            }
        }
    }

    private CompletableFuture<String> later(String path) {
        return CompletableFuture.supplyAsync(() -> body(path).orElse("no answer"), threads);
    }

    private boolean ok(String path) {
        return get(path).filter(answer -> answer.statusCode() == 200).isPresent();
    }

    private Optional<String> body(String path) {
        return get(path).map(HttpResponse::body);
    }

    private Optional<HttpResponse<String>> get(String path) {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        try {
            return Optional.of(
                    http.send(HttpRequest.newBuilder(uri).timeout(SOON).build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertGivenBack(String namespace) {
        RedisCoordinatorFactory factory = new RedisCoordinatorFactory();
        factory.setUri(redis.uri());
        try (NodeCoordinator coordinator = factory.open()) {
            assertThat(coordinator.read(namespace).nodes().values())
                    .as(namespace)
                    .isNotEmpty()
                    .allMatch(node -> node.record().released());
        }
    }
}
