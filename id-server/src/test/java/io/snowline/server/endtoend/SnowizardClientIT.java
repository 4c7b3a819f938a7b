package io.snowline.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.id.IdLayout;
import io.snowline.server.testing.Jdks;
import io.snowline.server.testing.Maven;
import io.snowline.server.testing.ServerProcess;
import io.snowline.testing.FreePorts;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Snowizard's own Java client, as it is on Maven Central, against the real server. It runs in a process of its own, on
 * the class path that it had.
 */
@Timeout(300)
class SnowizardClientIT {

    private static final Path PROJECT = Path.of("src", "test", "snowizard").toAbsolutePath();
    private static final IdLayout LAYOUT = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
    private static final int IDS = 20_500;

    @TempDir
    Path directory;

    @Test
    void takesIdsWithoutBeingChangedOnEveryJdkThatIsThere() throws Exception {
        String classPath = compiled() + File.pathSeparator + directory;
        Path silence = Files.writeString(directory.resolve("logback.xml"), "<configuration/>");
        String yaml =
                """
                coordination: {type: local, directory: data}
                compatibility: {snowizard: {namespace: orders, validateUserAgent: true}}
                generators: {orders: {}}
                """;
        try (ServerProcess server = ServerProcess.start(directory.resolve("server"), yaml)) {
            server.awaitReady();

            List<String> outputs = Jdks.runOnEach(
                    directory,
                    "-Dlogback.configurationFile=" + silence,
                    "-cp",
                    classPath,
                    "SnowizardIds",
                    "127.0.0.1:" + FreePorts.claim(), // nothing listens there, and the client goes on to its next host
                    server.base().getAuthority());

            assertThat(outputs).allSatisfy(SnowizardClientIT::assertIds);
            assertThat(outputs.stream().flatMap(SnowizardClientIT::ids)).doesNotHaveDuplicates();
            assertThat(server.metric("snowline.issued.orders")).isEqualTo(outputs.size() * (double) IDS);
        }
    }

    /** Asks Maven for the client's class path, and compiles the program that uses it. */
    private String compiled() throws Exception {
        Path file = directory.resolve("class-path.txt");
        Maven.run(
                directory,
                PROJECT,
                Maven.repository(),
                "org.apache.maven.plugins:maven-dependency-plugin:%s:build-classpath"
                        .formatted(System.getProperty("dependency-plugin.version")),
                "-Dmdep.outputFile=" + file);
        String classPath = Files.readString(file);
        assertThat(classPath).contains("snowizard-client-1.8.1.jar", "dropwizard-client-0.8.");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "--release",
                                "17",
                                "-cp",
                                classPath,
                                "-d",
                                directory.toString(),
                                PROJECT.resolve("SnowizardIds.java").toString()))
                .isZero();
        return classPath;
    }

    private static void assertIds(String output) {
        assertThat(output.lines()).last().isEqualTo("refused");
        assertThat(ids(output)).hasSize(IDS).isSorted();
        Instant now = Instant.now();
        assertThat(ids(output))
                .allMatch(id -> Duration.between(LAYOUT.decode(id).timestamp(), now)
                                .abs()
                                .compareTo(Duration.ofMinutes(3))
                        < 0);
    }

    /** Newer JDKs warn about what such old libraries do, in lines between. */
    private static Stream<Long> ids(String output) {
        return output.lines().filter(line -> line.matches("[0-9]+")).map(Long::valueOf);
    }
}
