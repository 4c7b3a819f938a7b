package io.snowline.shrunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.id.IdGenerator;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SnowflakeGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import proguard.ProGuard;

/** ProGuard removes everything that a program does not name, and renames the rest; the result must run. */
@Timeout(180)
class ShrunkProgramIT {

    private static final String SHRUNK_ONLY = "-dontoptimize -dontobfuscate";
    private static final String SHRUNK_OPTIMIZED_AND_RENAMED = "";

    @TempDir
    static Path shared;

    @TempDir
    Path directory;

    private static Path jdk;

    /** Puts the classes of the JDK into a jar, since not every JDK comes with its {@code jmods}. */
    @BeforeAll
    static void collectClassesOfTheJdk() throws IOException {
        jdk = shared.resolve("java.base.jar");
        Path module = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", "java.base");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(jdk));
                Stream<Path> files = Files.walk(module)) {
            jar.setLevel(1);
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                add(jar, module, file);
            }
        }
    }

    private static void add(JarOutputStream jar, Path root, Path file) throws IOException {
        jar.putNextEntry(new JarEntry(root.relativize(file).toString()));
        Files.copy(file, jar);
    }

    @ParameterizedTest
    @ValueSource(strings = {SHRUNK_ONLY, SHRUNK_OPTIMIZED_AND_RENAMED})
    void aShrunkProgramGetsIdsInAFreshJvm(String options) throws Exception {
        Path program = shrink(options);

        List<String> printed = run(
                program.toString(),
                SmallProgram.class.getName(),
                directory.resolve("ids").toString());

        assertThat(printed).hasSize(3);
        assertThat(printed.get(0)).isEqualTo("true");
        assertThat(Long.parseLong(printed.get(2))).isGreaterThan(Long.parseLong(printed.get(1)));
        assertThat(has(program, IdGenerator.class)).isNotEqualTo(options.isEmpty());
        assertThat(has(program, RecordedIdGenerator.class)).isFalse();
    }

    private Path shrink(String options) throws Exception {
        Path shrunk = directory.resolve("shrunk.jar");
        Path rules = Files.writeString(
                directory.resolve("rules.pro"),
                """
                -injars '%s'(io/snowline/shrunk/SmallProgram.class)
                -injars '%s'(!META-INF/**)
                -outjars '%s'
                -libraryjars '%s'
                -keep public class io.snowline.shrunk.SmallProgram { public static void main(java.lang.String[]); }
                %s
                %s
                """
                        .formatted(
                                placeOf(SmallProgram.class),
                                placeOf(SnowflakeGenerator.class),
                                shrunk,
                                jdk,
                                rulesOfTheLibrary(),
                                options));
        run(System.getProperty("java.class.path"), ProGuard.class.getName(), "@" + rules);
        return shrunk;
    }

    /** Returns the rules that the library ships for its users. */
    private static String rulesOfTheLibrary() throws IOException {
        try (InputStream rules = Objects.requireNonNull(
                SnowflakeGenerator.class.getResourceAsStream("/META-INF/proguard/id-core.pro"))) {
            return new String(rules.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static boolean has(Path jar, Class<?> type) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getEntry(type.getName().replace('.', '/') + ".class") != null;
        }
    }

    private static Path placeOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Runs a class in a JVM of its own, and returns the lines that it printed. */
    private List<String> run(String classPath, String mainClass, String argument) throws Exception {
        Path printed = directory.resolve("printed");
        Path errors = directory.resolve("errors");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        mainClass,
                        argument)
                .redirectOutput(printed.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as(() -> "exit status, after " + read(printed) + read(errors))
                .isZero();
        return Files.readAllLines(printed);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
