package io.snowline.server.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The JDKs of this machine. */
public final class Jdks {

    private Jdks() {}

    /** Returns the {@code java} commands of the JDK that runs this test, and of those installed next to it. */
    public static List<Path> javas() throws IOException {
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        try (Stream<Path> siblings = Files.list(home.getParent())) {
            return Stream.concat(Stream.of(home), siblings.map(Jdks::real))
                    .distinct()
                    .map(jdk -> jdk.resolve("bin").resolve("java"))
                    .filter(Files::isExecutable)
                    .toList();
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
