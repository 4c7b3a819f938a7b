package io.snowline.server.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The JDKs of this machine. */
public final class Jdks {

    private Jdks() {}

    /** Returns the {@code java} commands of the JDK that runs this test, and of those installed next to it. */
    private static List<Path> javas() throws IOException {
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        try (Stream<Path> siblings = Files.list(home.getParent())) {
            return Stream.concat(Stream.of(home), siblings.map(Jdks::real))
                    .distinct()
                    .map(jdk -> jdk.resolve("bin").resolve("java"))
                    .filter(Files::isExecutable)
                    .toList();
        }
    }

    /**
     * Runs a program on each of these JDKs at the same time, and returns what each run has printed.
     *
     * @param directory where the runs keep their output
     * @param arguments those of the {@code java} command
     * @throws IllegalStateException if a run ends with another status than 0
     */
    public static List<String> runOnEach(Path directory, String... arguments) throws IOException, InterruptedException {
        Map<Process, Path> runs = new LinkedHashMap<>();
        try {
            for (Path java : javas()) {
                List<String> command =
                        new ArrayList<>(List.of(java.toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
                command.addAll(List.of(arguments));
                Path out = Files.createTempFile(directory, "out", ".txt");
                runs.put(
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(out.toFile())
                                .start(),
                        out);
            }
            List<String> outputs = new ArrayList<>();
            for (Map.Entry<Process, Path> run : runs.entrySet()) {
                int status = run.getKey().waitFor();
                String output = Files.readString(run.getValue());
                if (status != 0) {
                    throw new IllegalStateException("%s must end with status 0, got %d: %s"
                            .formatted(run.getKey().info().command(), status, output));
                }
                outputs.add(output);
            }
            return outputs;
        } finally {
            runs.keySet().forEach(Process::destroyForcibly);
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }
}
