package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.testing.DropwizardTestSupport;
import io.snowline.server.config.SnowlineConfiguration;
import io.snowline.server.testing.RawRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls for IDs, in front of anything else that Dropwizard is configured with. */
class ServerVariantsTest {

    private static final String CONNECTORS =
            """
            applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
              adminConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
            """;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path directory;

    private interface Check {
        void run(DropwizardTestSupport<SnowlineConfiguration> server) throws Exception;
    }

    private void with(String serverYaml, Check check) throws Exception {
        Path configuration = Files.writeString(
                directory.resolve("config.yml"),
                """
                coordination: {type: local, directory: '%s'}
                logging: {level: WARN}
                server:
                  %s
                """
                        .formatted(directory.resolve("data"), serverYaml));
        DropwizardTestSupport<SnowlineConfiguration> server =
                new DropwizardTestSupport<>(SnowlineApplication.class, configuration.toString());
        server.before();
        try {
            check.run(server);
        } finally {
            server.after();
        }
    }

    private HttpResponse<byte[]> get(int port, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> getReady(int port, String path, String... headers) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        HttpResponse<byte[]> answer = get(port, path, headers);
        while (answer.statusCode() == 503 && System.nanoTime() - deadline < 0) {
            answer = get(port, path, headers); // waits for maxWait until the first lease is there
        }
        return answer;
    }

    @Test
    void requestsForIdsNeedNoThreadOfTheirOwn() throws Exception {
        with(CONNECTORS, server -> {
            assertThat(server.getEnvironment()
                            .getApplicationContext()
                            .getServer()
                            .getInvocationType())
                    .isEqualTo(InvocationType.NON_BLOCKING);
            assertThat(getReady(server.getLocalPort(), "/v1/default/id").statusCode())
                    .isEqualTo(200);
            assertThat(get(server.getAdminPort(), "/ping").statusCode()).isEqualTo(200);
            assertThat(get(server.getAdminPort(), "/v1/default/id").statusCode())
                    .as("the administrative port has no IDs")
                    .isEqualTo(404);
        });
    }

    @Test
    void theAccessLogHasEveryRequestWhereItIsSwitchedOn() throws Exception {
        Path log = directory.resolve("access.txt");
        String yaml = CONNECTORS
                + "  requestLog: {appenders: [{type: file, currentLogFilename: '%s', archive: false}]}".formatted(log);
        with(yaml, server -> {
            assertThat(server.getEnvironment()
                            .getApplicationContext()
                            .getServer()
                            .getInvocationType())
                    .as("writing a log may block")
                    .isEqualTo(InvocationType.BLOCKING);
            assertThat(getReady(server.getLocalPort(), "/v1/default/ids?count=7")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(get(server.getLocalPort(), "/nowhere").statusCode()).isEqualTo(404);
            for (String broken : List.of("%zz", "%", "%FF", "5%2")) {
                try (RawRequest request = new RawRequest(server.getLocalPort())) {
                    String answer = request.sendLine("GET /v1/default/ids?count=" + broken + " HTTP/1.1")
                            .answer();
                    assertThat(answer).startsWith("HTTP/1.1 400 ");
                }
            }
        });

        assertThat(Files.readString(log))
                .contains("\"GET /v1/default/ids?count=%25zz HTTP/1.1\" 400 ")
                .contains("\"GET /v1/default/ids?count=%25 HTTP/1.1\" 400 ")
                .contains("\"GET /v1/default/ids?count=%25FF HTTP/1.1\" 400 ")
                .contains("\"GET /v1/default/ids?count=5%252 HTTP/1.1\" 400 ")
                .contains("\"GET /v1/default/ids?count=7 HTTP/1.1\" 200 ")
                .contains("\"GET /nowhere HTTP/1.1\" 404 ");
    }

    @Test
    void answersAreCompressedWhereThatIsSwitchedOn() throws Exception {
        with(CONNECTORS + "  gzip: {enabled: true}", server -> {
            HttpResponse<byte[]> answer =
                    getReady(server.getLocalPort(), "/v1/default/ids?count=1000", "Accept-Encoding", "gzip");

            assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
            assertThat(answer.body().length).isLessThan(15_000);
        });
    }

    @Test
    void aSimpleServerHasBothUnderOnePort() throws Exception {
        with("{type: simple, connector: {type: http, bindHost: 127.0.0.1, port: 0}}", server -> {
            assertThat(getReady(server.getLocalPort(), "/application/v1/default/id")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(get(server.getLocalPort(), "/admin/ping").statusCode()).isEqualTo(200);
            assertThat(get(server.getLocalPort(), "/v1/default/id").statusCode())
                    .isEqualTo(404);
        });
    }
}
