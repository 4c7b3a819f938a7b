package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.snowline.testing.Await;
import io.snowline.testing.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a release has besides jars: unpacked here, started on this machine's Java, and stopped by SIGTERM after the first
 * ID.
 */
@Tag("release")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReleaseArtifactsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int TERMINATED = 143;
    private static final int WITH_OPTIONS_OF_THE_IMAGE = 19;

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = FreePorts.claim();
    private final int adminPort = FreePorts.claim();
    private final Map<String, String> environment = new TreeMap<>(Map.of(
            "SNOWLINE_BIND", "127.0.0.1",
            "SNOWLINE_PORT", Integer.toString(port),
            "SNOWLINE_ADMIN_PORT", Integer.toString(adminPort),
            "JAVA_HOME", System.getProperty("java.home")));
    private final List<Process> started = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void killAll() {
        started.forEach(Process::destroyForcibly);
    }

    // ---- the tarball ----

    private Path unpackedTarball() throws Exception {
        run("tar", "-xzf", System.getProperty("snowline.tarball"), "-C", directory.toString());
        return directory.resolve("snowline-" + System.getProperty("snowline.version"));
    }

    @Test
    void theTarballIssuesAnIdAndStops() throws Exception {
        Path home = unpackedTarball();
        Path archives = Files.createDirectory(directory.resolve("archives"));
        environment.put("SNOWLINE_DIRECTORY", directory.resolve("ids").toString());
        environment.put("SNOWLINE_ARCHIVE", archives.toString());
        Set<String> before = files(home);

        Process server = start(home, List.of("bin/snowline", "config/local.yml"));
        takeAnId(server);

        assertThat(terminated(server)).isEqualTo(TERMINATED);
        assertThat(archives).isDirectoryContaining("glob:**/snowline-*.archive");
        assertThat(files(home)).isEqualTo(before);
    }

    @Test
    void theTarballHasCommandsSamplesDocumentsAndLicences() throws Exception {
        Path home = unpackedTarball();

        assertThat(run(home.resolve("bin/snowline").toString(), "decode", "250546550301442048"))
                .isEqualTo("{\"id\":\"250546550301442048\",\"timestamp\":\"2026-11-23T09:02:32.521Z\",\"node\":684,"
                        + "\"sequence\":0}\n");
        assertThat(files(home))
                .contains("LICENSE", "README.md", "CHANGELOG.md", "docs/operations.md", "docs/deploy.md")
                .contains("config/local.yml", "config/redis.yml", "config/zookeeper.yml", "config/etcd.yml")
                .contains("deploy/systemd/snowline.service", "deploy/prometheus/alerts.yml", "deploy/compose.yml")
                .contains("licenses/jedis/LICENSE.txt", "licenses/hk2-utils/META-INF/LICENSE.md")
                .noneMatch(name -> name.contains("target/") || name.endsWith(".java"));
        assertThat(home.resolve("bin/snowline")).isExecutable();
        assertThat(home.resolve("config/local.yml").toFile().canExecute()).isFalse();
    }

    // ---- the images ----

    private static Path image(String processor) {
        return Path.of(System.getProperty("snowline.images"), "snowline-image-%s.tar".formatted(processor));
    }

    /** Unpacks an image's layers into a directory, and returns its configuration. */
    private JsonNode unpack(String processor, Path root) throws Exception {
        Path parts = Files.createDirectories(directory.resolve("parts-" + processor));
        run("tar", "-xf", image(processor).toString(), "-C", parts.toString());
        JsonNode manifest =
                JSON.readTree(parts.resolve("manifest.json").toFile()).get(0);
        Files.createDirectories(root);
        for (JsonNode layer : manifest.get("Layers")) {
            run("tar", "-xzf", parts.resolve(layer.asText()).toString(), "-C", root.toString());
        }
        return JSON.readTree(parts.resolve(manifest.get("Config").asText()).toFile());
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "arm64"})
    void anImageSaysWhoRunsWhatAndWhere(String processor) throws Exception {
        JsonNode image = unpack(processor, directory.resolve("root"));
        JsonNode config = image.get("config");

        assertThat(image.get("architecture").asText()).isEqualTo(processor);
        assertThat(image.get("os").asText()).isEqualTo("linux");
        assertThat(image.get("created").asText()).isEqualTo(System.getProperty("snowline.timestamp"));
        assertThat(config.get("User").asText()).isEqualTo("10001:10001");
        assertThat(config.get("Volumes").has("/data")).isTrue();
        assertThat(config.get("WorkingDir").asText()).isEqualTo("/data");
        assertThat(config.get("ExposedPorts").toString()).contains("8080/tcp", "8081/tcp");
        assertThat(texts(config.get("Entrypoint"))).startsWith("java"); // no shell in between: it gets SIGTERM itself
        assertThat(texts(config.get("Cmd"))).containsExactly("server", "/etc/snowline/local.yml");
        assertThat(texts(config.get("Env")))
                .contains("SNOWLINE_BIND=0.0.0.0", "SNOWLINE_DIRECTORY=/data/ids")
                .noneMatch(variable -> variable.startsWith("SNOWLINE_ADMIN_BIND="));
        assertThat(config.at("/Labels/org.opencontainers.image.version").asText())
                .isEqualTo(System.getProperty("snowline.version"));
        assertThat(config.at("/Labels/org.opencontainers.image.licenses").asText())
                .isEqualTo("Apache-2.0");
    }

    @Test
    void theImageIssuesAnIdStopsAndStartsFasterAgain() throws Exception {
        Path root = directory.resolve("root");
        JsonNode config = unpack("amd64", root).get("config");
        Set<String> before = files(root);
        for (String variable : texts(config.get("Env"))) {
            String[] pair = variable.split("=", 2);
            environment.putIfAbsent(pair[0], inside(root, pair[1]));
        }
        boolean archived = Runtime.version().feature() >= WITH_OPTIONS_OF_THE_IMAGE;
        if (!archived) { // the image's own Java knows more
            environment.put("JAVA_TOOL_OPTIONS", "-XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError");
        }
        List<String> command = new ArrayList<>();
        for (String word : Stream.concat(texts(config.get("Entrypoint")).stream(), texts(config.get("Cmd")).stream())
                .toList()) {
            command.add(inside(root, word));
        }
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Path classPath = root.resolve("app/jib-classpath-file");
        Files.writeString(classPath, inside(root, Files.readString(classPath)));

        for (int round = 0; round < 2; round++) {
            Process server = start(root.resolve("data"), command);
            takeAnId(server);
            assertThat(terminated(server)).isEqualTo(TERMINATED);
            assertThat(Files.exists(root.resolve("data/classes.jsa"))).isEqualTo(archived);
        }
        assertThat(root.resolve("data/ids")).isNotEmptyDirectory();
        assertThat(files(root).stream().filter(name -> !name.startsWith("data/")))
                .containsExactlyElementsOf(before.stream()
                        .filter(name -> !name.startsWith("data/"))
                        .toList());
    }

    /** Returns a text in which the paths of an image are those of the directory that it was unpacked to. */
    private static String inside(Path root, String text) {
        return text.replaceAll("(?<![A-Za-z0-9])/(app|data|etc/snowline)\\b", root + "/$1");
    }

    // ---- both ----

    private Process start(Path where, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("SNOWLINE_") || name.startsWith("JAVA_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Path log() {
        return directory.resolve("log.txt");
    }

    private void takeAnId(Process server) {
        Await.until("an ID, or the end", SOON, () -> !server.isAlive() || id().matches("[0-9]+"));
        assertThat(server.isAlive()).as(() -> read(log())).isTrue();
        assertThat(get("http://127.0.0.1:%d/ping".formatted(adminPort))).isEqualTo("pong");
    }

    private String id() {
        return get("http://127.0.0.1:%d/v1/default/id".formatted(port));
    }

    /** Returns an answer; empty while there is none. */
    private String get(String url) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .header("Accept", "text/plain")
                    .timeout(SOON)
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .strip();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int terminated(Process server) throws InterruptedException {
        server.destroy();
        assertThat(server.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return server.exitValue();
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static Set<String> files(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
