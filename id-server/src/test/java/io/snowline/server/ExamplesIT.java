package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.RunningServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The programs under {@code examples} compile and do what they say. */
class ExamplesIT {

    @TempDir
    Path directory;

    @Timeout(120)
    @Test
    void theClientTakesAMillionIdsInAFewRequests() throws Exception {
        try (RunningServer server = RunningServer.start(directory, "logging: {level: WARN}")) {
            Process program = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Path.of("..", "examples", "client", "Orders.java").toString(),
                            "http://127.0.0.1:" + server.port())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(program.waitFor()).as(said).isZero();
            assertThat(said)
                    .containsPattern("order [0-9]+ of 20[0-9T:.-]+Z from node id [0-9]+")
                    .containsPattern("1000000 more, with [0-9]{2} requests in all");
        }
    }
}
