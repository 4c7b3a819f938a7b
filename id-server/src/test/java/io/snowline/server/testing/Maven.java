package io.snowline.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Maven that runs this test, for projects that are not part of Snowline's. */
public final class Maven {

    private Maven() {}

    /**
     * Runs it to its end.
     *
     * @param directory where the run keeps its output
     * @param project the directory of a {@code pom.xml}
     * @throws AssertionError if the build fails
     */
    public static void run(Path directory, Path project, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                "--batch-mode",
                "--no-transfer-progress",
                "--file",
                project.resolve("pom.xml").toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(directory, "out", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("MAVEN_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        int status = builder.start().waitFor();
        assertThat(Files.readString(out))
                .as(String.join(" ", command))
                .matches(text -> status == 0)
                .contains("BUILD SUCCESS");
    }

    /** Returns the option for the repository of the build that runs this test. */
    public static String repository() {
        return "-Dmaven.repo.local=" + System.getProperty("maven.repository");
    }
}
