package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.ApiContract;
import io.snowline.server.testing.RawRequest;
import io.snowline.server.testing.RunningServer;
import io.snowline.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no client library would send, over plain sockets. */
class HostileRequestsTest {

    private static final ApiContract CONTRACT = new ApiContract();

    private static RunningServer server;
    private static Path log;
    private static long lines;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        log = directory.resolve("log.txt");
        server = RunningServer.start(
                directory,
                "logging: {appenders: [{type: file, currentLogFilename: '%s', archive: false}]}".formatted(log));
        Await.until(
                "the last lines of the start",
                Duration.ofSeconds(20),
                () -> read().stream().anyMatch(line -> line.contains("Try: curl"))
                        && read().stream().anyMatch(line -> line.contains("acquired node id")));
        lines = read().size();
    }

    /** Nothing that a client sends adds a line to the log. */
    @AfterAll
    static void stop() {
        server.close(); // writes what is still in its queues
        assertThat(read().stream().skip(lines)).allMatch(line -> line.contains("gave back node id"));
    }

    private static List<String> read() {
        try {
            return Files.exists(log) ? Files.readAllLines(log) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/default/ids?count=%zz HTTP/1.1",
                "GET /v1/default/ids?count=% HTTP/1.1",
                "GET /v1/default/ids?%FF=1 HTTP/1.1",
                "GET /v1/default/ids?count=\u0663 HTTP/1.1",
                "GET /v1/default/ids?count=5\u0000 HTTP/1.1",
                "GET /v1/default/range?count=%zz HTTP/1.1",
                "GET /v1/default/range?count=99999999999999999999 HTTP/1.1",
                "GET /v1/default/range?count=-65536 HTTP/1.1",
                "GET /v1/default/range?count=5\u0000 HTTP/1.1",
                "GET /v1/default/range%00 HTTP/1.1",
                "GET /v1/default/ids/%zz HTTP/1.1",
                "GET /v1/default/ids/%C3%28 HTTP/1.1",
                "GET /v1/default/ids/5%2F6 HTTP/1.1",
                "GET /v1/default/ids/5%00 HTTP/1.1",
                "GET /v1/default%00/id HTTP/1.1",
                "GET /v1/de%00fault/id HTTP/1.1",
                "GET /v1/default%2Fid HTTP/1.1",
                "GET /v1/..;/id HTTP/1.1",
                "GET /v1/%2e%2e/id HTTP/1.1",
                "GET /v1/default;x=y/idd HTTP/1.1",
                "GET //v1/default/id HTTP/1.1",
                "GET v1/default/id HTTP/1.1",
                "GET \\v1\\default\\id HTTP/1.1",
                "GET /v1/{namespace}/id HTTP/1.1",
                "GET /v1/<script>/id HTTP/1.1",
                "GET /v1/de|fault/id HTTP/1.1",
                "GET /v1/\u00e4/id HTTP/1.1",
                "GET http://[bad/v1/default/id HTTP/1.1",
                "GET /v1/default/id HTTP/9.9",
                "GET /v1/default/id HTCPCP/1.0",
                "GET /v1/default/id",
                "G\u00cbT /v1/default/id HTTP/1.1",
                "CONNECT /v1/default/id HTTP/1.1",
                "PRI * HTTP/2.0",
                "OPTIONS * HTTP/1.1",
                "\u0016\u0003\u0001\u0002",
                ""
            })
    void aBrokenRequestLineIsAClientsErrorOrAClosedConnection(String line) throws Exception {
        try (RawRequest request = new RawRequest(server.port())) {
            assertClientsErrorOrNothing(request.sendLine(line).answer());
        }
        assertServing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/default;x=y/id", "/v1/de;fault/id"})
    void aNamespaceThatCannotBeIsNotFound(String path) throws Exception {
        try (RawRequest request = new RawRequest(server.port())) {
            assertThat(request.sendLine("GET " + path + " HTTP/1.1").answer()).startsWith("HTTP/1.1 404 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept: \u0000",
                "Accept: ;;;,,,///",
                "Accept: text/plain;q=oops",
                "Content-Type: \u00e4\u00f6/;;",
                "Content-Length: -1",
                "Content-Length: 99999999999999999999",
                "Content-Length: 1\r\nContent-Length: 2",
                "Transfer-Encoding: chunked\r\nContent-Length: 3",
                "Transfer-Encoding: sideways",
                "Host: another:host:name",
                "Host: a/bbb",
                "Host: [::1",
                "Host: a:99999",
                "Host: a b",
                "Expect: the-unexpected",
                "Content-Encoding: gzip",
                "Authorization: Bearer \u00ff",
                "Cookie: \u0001=\u0002",
                ": nameless",
                "no colon",
                " folded: header"
            })
    void aBrokenHeaderIsNeverTheServersError(String header) throws Exception {
        try (RawRequest request = new RawRequest(server.port())) {
            String answer =
                    request.sendLine("POST /v1/default/id HTTP/1.1", header).answer();

            assertThat(answer).doesNotStartWith("HTTP/1.1 5").doesNotContain("<html", "\tat ");
            if (answer.startsWith("HTTP/1.1 4")) {
                CONTRACT.checkError(answer);
            }
        }
        assertServing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/default;x=y/id",
                "/v1/default/id;x=y",
                "/v1;x/default/id",
                "/v1/default;/ids?count=2",
                "/v1/default%3Bx/id"
            })
    void whatIsNotTheNameOfANamespaceIsNotFound(String path) throws Exception {
        try (RawRequest request = new RawRequest(server.port())) {
            assertThat(request.sendLine("GET " + path + " HTTP/1.1").answer())
                    .startsWith("HTTP/1.1 404 ")
                    .contains("{\"code\":404,")
                    .satisfies(CONTRACT::checkError);
        }
    }

    @Test
    void oversizedHeadersAreRefused() throws Exception {
        try (RawRequest request = new RawRequest(server.port())) {
            String answer = request.sendLine("GET /v1/default/id HTTP/1.1", "X-Big: " + "x".repeat(9_000))
                    .answer();

            assertThat(answer).startsWith("HTTP/1.1 431 ").satisfies(CONTRACT::checkError);
        }
    }

    @Test
    void anOversizedUriIsRefused() throws Exception {
        try (RawRequest request = new RawRequest(server.port())) {
            String answer = request.sendLine("GET /v1/default/id?x=" + "y".repeat(9_000) + " HTTP/1.1")
                    .answer();

            assertThat(answer).startsWith("HTTP/1.1 414 ").satisfies(CONTRACT::checkError);
        }
    }

    @Test
    void manyHeadersAreRefused() throws Exception {
        String[] headers = new String[5_000];
        Arrays.setAll(headers, i -> "X-" + i + ": " + i);
        try (RawRequest request = new RawRequest(server.port())) {
            assertClientsErrorOrNothing(
                    request.sendLine("GET /v1/default/id HTTP/1.1", headers).answer());
        }
    }

    @Test
    void halfSentRequestsBlockNobody() throws Exception {
        List<RawRequest> open = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                open.add(new RawRequest(server.port()).send(half(i)));
            }
            for (int i = 0; i < 50; i++) {
                assertServing();
            }
        } finally {
            for (RawRequest request : open) {
                request.close();
            }
        }
    }

    /** Returns an unfinished request: it ends in its request line, its headers, or its body, of either kind. */
    private static String half(int i) {
        return switch (i % 6) {
            case 0 -> "GET /v1/def";
            case 1 -> "GET /v1/default/id HTTP/1.1\r\nHost: local";
            case 2 -> head("/v1/default/id") + "abc";
            case 3 ->
                "POST /v1/default/ids?count=3 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab";
            case 4 -> head("/v1/default/id", "Content-Type: application/x-www-form-urlencoded") + "count=";
            default -> head("/v1/missing/id", "Content-Type: application/json", "Expect: 100-continue");
        };
    }

    private static String head(String path, String... headers) {
        return "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n%s\r\n"
                .formatted(
                        path,
                        Arrays.stream(headers).map(header -> header + "\r\n").collect(Collectors.joining()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "ids", "range"})
    void aBodyIsRefused(String call) throws Exception {
        String body = "count=5&format=roman";
        try (RawRequest request = new RawRequest(server.port())) {
            String answer = request.sendLine(
                            "POST /v1/default/%s HTTP/1.1".formatted(call),
                            "Content-Type: application/x-www-form-urlencoded",
                            "Content-Length: " + body.length())
                    .send(body)
                    .answer();

            assertThat(answer)
                    .startsWith("HTTP/1.1 400 ")
                    .contains("the body must be empty, as parameters are read from the query alone")
                    .satisfies(CONTRACT::checkError);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/default/id HTTP/1.1\nHost: localhost\nConnection: close\n\n",
                "POST /v1/default/id HTTP/1.1\r\nHost: localhost\r\nConnection: close\nContent-Length: 0\r\n\r\n"
            })
    void aBareLineFeedEndsNoLine(String text) throws Exception {
        try (RawRequest request = new RawRequest(server.port())) {
            assertThat(request.send(text).answer()).startsWith("HTTP/1.1 400 ").satisfies(CONTRACT::checkError);
        }
    }

    private static void assertServing() {
        assertThat(server.get("/v1/default/id").statusCode()).isEqualTo(200);
    }

    private static void assertClientsErrorOrNothing(String answer) {
        assertThat(answer).doesNotContain("<html", "\tat ", "Exception");
        if (!answer.isEmpty() && !answer.startsWith("HTTP/1.1 204 ")) {
            CONTRACT.checkError(answer);
        }
    }
}
