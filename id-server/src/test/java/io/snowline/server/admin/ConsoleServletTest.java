package io.snowline.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.snowline.server.testing.RunningServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's files and calls, over HTTP; {@link ConsoleIT} looks at the page in a browser. */
class ConsoleServletTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> FILES = List.of("index.html", "console.js", "console.css", "icon.svg");
    private static final int LARGEST = 30_000;

    private static RunningServer server;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory, "generators: {orders: {}, guarded: {tokens: [a-secret]}}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/console/, text/html;charset=utf-8",
        "/console/index.html, text/html;charset=utf-8",
        "/console/console.js, text/javascript;charset=utf-8",
        "/console/console.css, text/css;charset=utf-8",
        "/console/icon.svg, image/svg+xml",
        "/console/state, application/json"
    })
    void everyFileForbidsAllThatIsNotItsOwn(String path, String type) {
        HttpResponse<String> answer = server.admin(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains(type);
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .contains("frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'")
                .doesNotContain("unsafe", "http", "*", "data:");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
    }

    @Test
    void allOfItIsSmallAndFromThisServer() {
        List<String> texts = FILES.stream()
                .map(name -> server.admin("/console/" + name).body())
                .toList();

        assertThat(texts.stream()
                        .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
                        .sum())
                .isLessThan(LARGEST);
        assertThat(texts).allSatisfy(text -> assertThat(text.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http://", "https://", "//cdn", "innerHTML", "insertAdjacentHTML", "eval(", "@import"));
        assertThat(texts.get(0))
                .doesNotContain("style=", "onclick", "javascript:")
                .doesNotContain("<script>", "<style");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/console/nothing", "/console/../nodes2", "/console/console/index.html", "/console/take"})
    void nothingElseIsThere(String path) {
        assertThat(server.admin(path).statusCode()).isEqualTo(404);
    }

    @Test
    void theDirectoryHasASlashAtTheEnd() {
        HttpResponse<String> answer = server.admin("/console");

        assertThat(answer.statusCode()).isBetween(300, 399);
        assertThat(answer.headers().firstValue("Location").orElseThrow()).endsWith("/console/");
    }

    @Test
    void theStateDescribesThisServerWithoutSecrets() throws Exception {
        String text = server.admin("/console/state").body();
        JsonNode state = JSON.readTree(text);

        assertThat(state.get("backend").asText()).isEqualTo("local");
        assertThat(state.get("coordinator").asText()).startsWith("local directory ");
        assertThat(state.get("url").asText()).isEqualTo("http://127.0.0.1:" + server.port());
        assertThat(state.get("aheadSeconds").asDouble()).isEqualTo(30);
        assertThat(state.at("/namespaces/0/name").asText()).isEqualTo("orders");
        assertThat(state.at("/namespaces/0/layout").asText()).isEqualTo("41/10/12@1ms");
        assertThat(state.at("/namespaces/0/guarded").asBoolean()).isFalse();
        assertThat(state.at("/namespaces/1/guarded").asBoolean()).isTrue();
        assertThat(text).doesNotContain("a-secret");
    }

    @Test
    void anIdIsTaken() throws Exception {
        HttpResponse<String> answer = server.admin("POST", "/console/take?namespace=orders", "X-Snowline", "console");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).get("id").asText()).containsOnlyDigits();
    }

    @Test
    void noForeignPageTakesOne() {
        double before = issued();

        assertThat(server.admin("POST", "/console/take?namespace=orders").statusCode())
                .isEqualTo(403);
        assertThat(server.admin(
                                "POST",
                                "/console/take?namespace=orders",
                                "Sec-Fetch-Site",
                                "cross-site",
                                "X-Snowline",
                                "x")
                        .statusCode())
                .isEqualTo(403);
        assertThat(server.admin(
                                "POST",
                                "/console/take?namespace=orders",
                                "Origin",
                                "http://evil.example",
                                "X-Snowline",
                                "console")
                        .statusCode())
                .isEqualTo(403);
        assertThat(issued()).isEqualTo(before);
    }

    private static double issued() {
        try {
            return JSON.readTree(server.admin("/metrics").body())
                    .at("/counters/snowline.issued.orders/count")
                    .asDouble(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/console/take?namespace=guarded | 403 | namespace must have no tokens here",
                "/console/take?namespace=missing | 404 | namespace must be one of this server's",
                "/console/take | 404 | namespace must be one of this server's"
            })
    void oneThatCannotBeTakenIsRefusedWithTheReason(String path, int status, String message) throws Exception {
        HttpResponse<String> answer = server.admin("POST", path, "X-Snowline", "console");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).get("message").asText()).startsWith(message);
    }

    @Test
    void nothingElseIsPosted() {
        assertThat(server.admin("POST", "/console/state", "X-Snowline", "console")
                        .statusCode())
                .isEqualTo(405);
    }
}
