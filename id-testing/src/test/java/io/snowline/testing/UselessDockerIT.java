package io.snowline.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.utility.DockerImageName;

/** A Docker engine that is there but useless must not hang the build. */
@Tag("faults")
@Tag("long")
@Timeout(120)
class UselessDockerIT {

    /** Longer than a process takes, on a busy machine, to start and to find the engine. */
    private static final int DEADLINE_SECONDS = 20;

    private static final DockerImageName IMAGE = DockerImageName.parse("redis:7.4-alpine");

    @TempDir
    Path directory;

    @Test
    void anEngineThatDoesNotAnswerOrCannotPullIsGivenUpAtTheDeadline() throws Exception {
        try (Engine mute = new Engine(Map.of());
                Engine withoutRegistry = new Engine(Map.of(
                        "/_ping", "OK",
                        "/version",
                                "{\"Version\": \"28.0.0\", \"ApiVersion\": \"1.44\", \"Os\": \"linux\", \"Arch\": \"amd64\"}",
                        "/info",
                                "{\"ServerVersion\": \"28.0\", \"OperatingSystem\": \"Debian\", \"OSType\": \"linux\", \"MemTotal\": 1073741824}",
                        "/images/json", "[]",
                        "/containers/json", "[]"))) {
            Process first = ask(mute, directory.resolve("mute.txt"));
            Process second = ask(withoutRegistry, directory.resolve("without-registry.txt"));

            assertThat(said(first, directory.resolve("mute.txt"))).contains("found nothing at the deadline");
            assertThat(said(second, directory.resolve("without-registry.txt")))
                    .contains("found nothing at the deadline");
            assertThat(mute.asked).isNotEmpty();
            assertThat(withoutRegistry.asked).anyMatch(path -> path.endsWith("/images/create"));
        }
    }

    /** Asks from a process of its own: Testcontainers looks for its engine once, and remembers what it has found. */
    private static Process ask(Engine engine, Path out) throws IOException {
        ProcessBuilder asking = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Asking.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        asking.environment().put("DOCKER_HOST", "tcp://127.0.0.1:" + engine.port());
        asking.environment().put("TESTCONTAINERS_RYUK_DISABLED", "true");
        return asking.start();
    }

    private static String said(Process asking, Path out) throws Exception {
        assertThat(asking.waitFor(60, TimeUnit.SECONDS))
                .as("the end of the question")
                .isTrue();
        return Files.readString(out);
    }

    /** The process that asks. */
    static final class Asking {
        private Asking() {}

        public static void main(String... arguments) {
            long start = System.nanoTime();
            boolean found = ContainerLauncher.find(IMAGE, "redis-server", DEADLINE_SECONDS)
                    .isPresent();
            boolean waited = System.nanoTime() - start >= TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
            System.out.printf(
                    "found %s %s%n",
                    found ? "an engine" : "nothing", waited ? "at the deadline" : "before the deadline");
            Runtime.getRuntime().halt(0); // the client asks the engine once more in a shutdown hook
        }
    }

    /** Answers some questions, and none of the others, such as the one for an image. */
    private static final class Engine implements AutoCloseable {

        final Set<String> asked = ConcurrentHashMap.newKeySet();
        private final Map<String, String> answers;
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final HttpServer server;

        Engine(Map<String, String> answers) throws IOException {
            this.answers = answers;
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            server.setExecutor(threads);
            server.createContext("/", this::answer);
            server.start();
        }

        int port() {
            return server.getAddress().getPort();
        }

        private void answer(HttpExchange exchange) throws IOException {
            String path = exchange.getRequestURI().getPath().replaceFirst("^/v[0-9.]+", "");
            asked.add(path);
            String answer = answers.get(path);
            if (answer != null) {
                answer(exchange, 200, answer);
            } else if (!answers.isEmpty() && path.matches("/images/.+/json")) {
                answer(exchange, 404, "{\"message\": \"no such image\"}");
            }
        }

        private static void answer(HttpExchange exchange, int status, String answer) throws IOException {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, answer.length());
            exchange.getResponseBody().write(answer.getBytes(UTF_8));
            exchange.close();
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
