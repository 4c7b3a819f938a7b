package io.snowline.server.endtoend;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.Stored;
import io.snowline.id.IdLayout;
import io.snowline.server.testing.Backend;
import io.snowline.server.testing.Jdks;
import io.snowline.server.testing.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The backend is chosen in YAML alone: one test body, every backend, which the tests share. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(180)
class EveryBackendIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final IdLayout LAYOUT = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
    private static final Map<String, Backend> BACKENDS = new ConcurrentHashMap<>();

    @TempDir
    Path directory;

    @BeforeAll
    static void startBackends(@TempDir Path data) {
        for (String type : List.of("local", "redis", "zookeeper", "etcd")) {
            BACKENDS.put(type, Backend.start(type, data));
        }
    }

    @AfterAll
    static void stopBackends() {
        BACKENDS.values().forEach(Backend::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "redis", "zookeeper", "etcd"})
    void twoServersShareItsNamespaces(String type) throws Exception {
        String yaml =
                """
                %s
                generators:
                  orders: {}
                  invoices: {mode: recorded, maxWait: 10s}
                """
                        .formatted(backend(type).yaml());
        try (ServerProcess one = ServerProcess.start(directory.resolve("one"), yaml);
                ServerProcess two = ServerProcess.start(directory.resolve("two"), yaml)) {
            one.awaitReady();
            two.awaitReady();
            check(one, two);
        }
    }

    private static Backend backend(String type) {
        return requireNonNull(BACKENDS.get(type), type);
    }

    private void check(ServerProcess one, ServerProcess two) throws Exception {
        List<String> ids = new ArrayList<>();
        for (ServerProcess server : List.of(one, two)) {
            ids.addAll(ids(server, "/v1/orders/ids?count=2000"));
        }
        assertThat(ids).hasSize(4000).doesNotHaveDuplicates();
        List<String> recorded = new ArrayList<>();
        for (ServerProcess server : List.of(one, two, one, two)) {
            recorded.addAll(ids(server, "/v1/invoices/ids?count=50&node=7"));
        }
        assertThat(recorded).hasSize(200).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> {
            return Long.compare(Long.parseLong(a), Long.parseLong(b));
        });

        assertThat(nodes(one)).containsExactlyElementsOf(nodes(two));
        assertThat(nodes(one).stream().filter(line -> line.contains("held"))).hasSize(2);
        assertThat(health(one))
                .contains("\"lease-orders\":{\"healthy\":true")
                .contains("\"coordinator\":{\"healthy\":true");

        assertThat(two.terminate()).isEqualTo(143);
        ServerProcess.Result listed =
                ServerProcess.run(directory, "nodes", one.configuration().toString());
        assertThat(listed.out().lines().filter(line -> line.startsWith("orders") && line.contains(" held ")))
                .as(listed.err())
                .hasSize(1);
        assertThat(one.get("/v1/orders/id").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "redis", "zookeeper", "etcd"})
    void createMakesTheNamespacesOnce(String type) throws Exception {
        Backend backend = backend(type);
        Files.writeString(
                directory.resolve("config.yml"),
                backend.yaml() + "\ngenerators: {made: {}, made-recorded: {mode: recorded}}");
        ServerProcess.Result created = ServerProcess.run(directory, "create", "config.yml");
        assertThat(created.status()).as(created.err()).isZero();
        NamespaceRecord made = namespace(backend, "made");
        assertThat(made.incarnation()).isEqualTo(1);
        assertThat(Instant.ofEpochMilli(LAYOUT.scale().millisAt(made.floor()))) // or else the first IDs would be early
                .isBeforeOrEqualTo(Instant.now());

        ServerProcess.Result again = ServerProcess.run(directory, "create", "config.yml");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).contains("namespace 'made' exists in ").hasLineCount(1);
        assertThat(namespace(backend, "made")).isEqualTo(made);
    }

    private static NamespaceRecord namespace(Backend backend, String name) {
        try (NodeCoordinator coordinator = backend.open()) {
            return coordinator.read(name).namespace().map(Stored::record).orElseThrow();
        }
    }

    private static List<String> ids(ServerProcess server, String path) throws IOException {
        List<String> ids = new ArrayList<>();
        JsonNode body = JSON.readTree(server.get(path).body());
        assertThat(body.has("ids")).as(body.toString()).isTrue();
        body.get("ids").forEach(id -> ids.add(id.asText()));
        return ids;
    }

    /** Returns node id and state of the leased namespace's nodes, without the ends, which move. */
    private static List<String> nodes(ServerProcess server) throws IOException {
        List<String> nodes = new ArrayList<>();
        for (JsonNode node : JSON.readTree(admin(server, "/nodes"))) {
            if (node.get("namespace").asText().equals("orders")) {
                nodes.add(node.get("node") + " " + node.get("state").asText() + " " + node.get("owner"));
            }
        }
        return nodes;
    }

    private static String health(ServerProcess server) {
        return admin(server, "/healthcheck");
    }

    private static String admin(ServerProcess server, String path) {
        return server.send(HttpRequest.newBuilder(URI.create(server.admin() + path))
                        .build())
                .body();
    }

    @ParameterizedTest
    @ValueSource(strings = {"class path", "jar"})
    void oneProcessUsesThemAllAtOnceOnEveryJdkThatIsThere(String from) throws Exception {
        String classes = Path.of(AllBackends.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        String classPath = from.equals("jar")
                ? System.getProperty("snowline.server.jar") + File.pathSeparator + classes
                : System.getProperty("java.class.path");
        List<String> outputs = Jdks.runOnEach(
                directory,
                "-cp",
                classPath,
                AllBackends.class.getName(),
                directory.resolve("data").toString(),
                "redis://" + address("redis"),
                address("zookeeper"),
                "http://" + address("etcd"));
        assertThat(outputs).allSatisfy(output -> assertThat(output).contains("4 backends, 40000 IDs each, none twice"));
    }

    private static String address(String type) {
        return backend(type).host() + ":" + backend(type).port();
    }
}
