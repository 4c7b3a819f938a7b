package io.snowline.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.ApiContract;
import io.snowline.server.testing.RunningServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of docs/http.md against the description of the calls, and against a server with the page's configuration. */
class HttpPageTest {

    /** Their answers are new IDs. */
    private static final Set<String> ISSUING = Set.of("id", "ids", "range");

    private static final ApiContract CONTRACT = new ApiContract();

    private static RunningServer server;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory, HttpExample.configuration());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static List<HttpExample> examples() {
        return HttpExample.all();
    }

    /** Without the failure of a coordinator, and what a local coordinator cannot tell for want of a ledger. */
    static Stream<HttpExample> repeatable() {
        return examples().stream().filter(example -> example.status() != 503).filter(example -> !example.body()
                .contains("\"recorded\":"));
    }

    @Test
    void thePageHasExamplesOfEveryCall() {
        assertThat(repeatable()).hasSizeGreaterThanOrEqualTo(examples().size() - 3);
        assertThat(examples().stream().map(HttpExample::call))
                .contains("id", "ids", "range", "times")
                .anyMatch(call -> call.startsWith("ids/"));
        assertThat(examples().stream().map(HttpExample::status)).contains(200, 400, 401, 503);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsAsDescribed(HttpExample example) {
        assertThat(example.body()).isNotBlank();

        CONTRACT.check("GET", example.uri(), example.status(), example.headers(), example.body());
    }

    @ParameterizedTest
    @MethodSource("repeatable")
    void aServerAnswersEachExampleAsThePageShows(HttpExample example) {
        HttpResponse<String> answer = server.get(example.path(), example.sent().toArray(String[]::new));

        assertThat(answer.statusCode()).isEqualTo(example.status());
        assertThat(example.shown().keySet())
                .allMatch(name -> answer.headers().firstValue(name).isPresent());
        assertThat(answer.headers().firstValue("Content-Type"))
                .isEqualTo(example.headers().firstValue("Content-Type"));
        if (answer.statusCode() == 200 && ISSUING.contains(example.call())) {
            assertThat(shape(answer.body().stripTrailing())).isEqualTo(shape(example.body()));
        } else {
            assertThat(answer.body()).isEqualTo(example.body());
        }
    }

    /** Returns an answer without its IDs; as octets, without anything. */
    private static String shape(String body) {
        return body.matches("[ -~\n]*") && !body.startsWith(" ") ? body.replaceAll("[0-9]+", "0") : "octets";
    }
}
