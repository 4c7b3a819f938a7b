package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.snowline.server.testing.RawRequest;
import io.snowline.server.testing.ServerProcess;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The real jar as a process, on the local coordinator. Each test has a directory and servers of its own. */
@Execution(ExecutionMode.CONCURRENT)
class ServerProcessIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path temp;

    private String onSharedDirectory;

    @BeforeEach
    void share() {
        onSharedDirectory = "coordination: {type: local, directory: '%s'}\n".formatted(temp.resolve("data"));
    }

    @Test
    void theFirstIdComesAndTheLogSaysHowToGetIt() {
        try (ServerProcess server = start("one", "")) {
            HttpResponse<String> id = server.get("/v1/default/id");

            assertThat(id.statusCode()).isEqualTo(200);
            assertThat(server.log())
                    .contains("curl " + server.base() + "/v1/default/id")
                    .contains("unique among the processes that share this directory")
                    .contains("acquired node id")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void noRequestIsLogged() {
        try (ServerProcess server = start("one", "")) {
            assertThat(server.get("/v1/default/id").statusCode()).isEqualTo(200);
            long before = server.log().lines().count();
            for (int i = 0; i < 100; i++) {
                assertThat(server.get("/v1/default/ids?count=" + i).statusCode())
                        .isIn(200, 400);
            }

            assertThat(server.log().lines().count()).isEqualTo(before);
        }
    }

    @Test
    void twoServersOnOneDirectoryHaveDifferentNodeIds() throws Exception {
        try (ServerProcess one = start("one", "");
                ServerProcess two = start("two", "")) {
            assertThat(nodeOf(one)).isNotEqualTo(nodeOf(two));

            ServerProcess.Result nodes =
                    ServerProcess.run(temp, "nodes", one.configuration().toString());
            assertThat(nodes.status()).isZero();
            assertThat(nodes.out().lines().filter(line -> line.contains(" held ")))
                    .hasSize(2);
        }
    }

    private static int nodeOf(ServerProcess server) throws Exception {
        JsonNode id = JSON.readTree(server.get("/v1/default/id").body()).get("id");
        return JSON.readTree(server.get("/v1/default/ids/" + id.asText()).body())
                .get("node")
                .asInt();
    }

    @Test
    void onSigtermTheNodeIdIsGivenBackAndTheSameServerTakesItAgain() throws Exception {
        try (ServerProcess server = start("one", "")) {
            int node = nodeOf(server);

            assertThat(server.terminate()).isEqualTo(143);
            ServerProcess.Result nodes =
                    ServerProcess.run(temp, "nodes", server.configuration().toString());
            assertThat(nodes.out()).containsPattern("default +" + node + " +free ");
            assertThat(server.log()).contains("gave back node id " + node);

            server.restart();
            server.awaitReady();
            assertThat(nodeOf(server)).isEqualTo(node);
        }
    }

    @Test
    void onSigtermARunningRequestEndsAndANewOneIsRefused() throws Exception {
        try (ServerProcess server = start("one", "");
                RawRequest idle = new RawRequest(server.base().getPort());
                RawRequest half = new RawRequest(server.base().getPort())) {
            half.send("POST /v1/default/id HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf");
            half.awaitBegin();
            long begun = System.nanoTime();

            assertThat(server.terminate()).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
            assertThat(half.answer()).startsWith("HTTP/1.1 400 "); // for its body, of which half is missing
            assertThat(idle.answer()).isEmpty();
        }
    }

    @Test
    void afterSigkillNoIdComesTwice() throws Exception {
        try (ServerProcess server = start("one", "")) {
            long last = lastOf(server);
            for (int i = 0; i < 3; i++) {
                server.kill();
                server.restart();
                server.awaitReady();
                String ids = server.get("/v1/default/ids?count=1000").body();
                assertThat(ids).doesNotContain("\"" + last + "\"");
                last = lastOf(server);
            }
        }
    }

    private static long lastOf(ServerProcess server) throws Exception {
        JsonNode ids =
                JSON.readTree(server.get("/v1/default/ids?count=1000").body()).get("ids");
        return ids.get(999).asLong();
    }

    @Tag("T32")
    @Test
    void aServerWithAnotherLayoutEndsWithOneMessage() {
        try (ServerProcess one = start("one", "");
                ServerProcess other = ServerProcess.start(
                        temp.resolve("other"),
                        onSharedDirectory + "generators: {default: {layout: {nodeBits: 9, sequenceBits: 13}}}")) {
            assertThat(other.awaitExit()).isEqualTo(1);
            assertThat(other.log())
                    .contains("The server ends")
                    .contains("namespace 'default' has layout 41/10/12@1ms in the coordinator, but this process is"
                            + " configured with 41/9/13@1ms")
                    .doesNotContain("\tat ");
            assertThat(one.get("/v1/default/id").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aServerOnAnUnreadableStoreEndsWithItsPath() throws Exception {
        Path records =
                Files.createDirectories(temp.resolve("data").resolve("default")).resolve("records.txt");
        Files.writeString(records, "somebody else's\n");
        try (ServerProcess server = ServerProcess.start(temp.resolve("one"), onSharedDirectory)) {
            assertThat(server.awaitExit()).isEqualTo(1);
            assertThat(server.log())
                    .contains("The server ends")
                    .contains(records.toString())
                    .doesNotContain("\tat ");
            assertThat(records).hasContent("somebody else's\n");
        }
    }

    @Test
    void aServerWhosePortIsTakenSaysSoAndHoldsNothing() {
        try (ServerProcess one = start("one", "")) {
            ServerProcess.Result second =
                    ServerProcess.run(temp, "server", one.configuration().toString());

            assertThat(second.status()).isEqualTo(1);
            assertThat(second.err()).contains("" + one.base().getPort());
            ServerProcess.Result nodes =
                    ServerProcess.run(temp, "nodes", one.configuration().toString());
            assertThat(nodes.out().lines().filter(line -> line.contains(" held ")))
                    .hasSize(1);
        }
    }

    @Test
    void inRecordedModeEachServerHasANodeIdOfItsOwnUnlessOneIsConfigured() throws Exception {
        String own = "generators: {default: {mode: recorded, maxWait: 5s}}";
        try (ServerProcess one = start("one", own);
                ServerProcess two = start("two", own)) {
            assertThat(nodeOf(one)).isNotEqualTo(nodeOf(two));
        }
        String shared = "generators: {default: {mode: recorded, maxWait: 5s, recorded: {node: 7}}}";
        try (ServerProcess one = start("three", shared);
                ServerProcess two = start("four", shared)) {
            assertThat(nodeOf(one)).isEqualTo(nodeOf(two)).isEqualTo(7);
        }
    }

    private ServerProcess start(String name, String yaml) {
        return ServerProcess.start(temp.resolve(name), onSharedDirectory + yaml).awaitReady();
    }
}
