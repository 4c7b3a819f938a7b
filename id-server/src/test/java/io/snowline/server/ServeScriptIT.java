package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.ServerProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script {@code serve}, and the launcher that it calls, in a checkout of their own, on the real jar. */
@Timeout(120)
class ServeScriptIT {

    private static final Path SCRIPT = Path.of("..", "serve").toAbsolutePath().normalize();
    private static final Path LAUNCHER = Path.of("src", "main", "scripts", "snowline");
    private static final long SECONDS = 90;

    @TempDir
    private Path checkout;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void checkOut() throws IOException {
        Files.createDirectories(checkout.resolve("id-server/src/main/scripts"));
        Files.copy(LAUNCHER, checkout.resolve("id-server").resolve(LAUNCHER), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createFile(checkout.resolve("pom.xml"));
        Files.createFile(checkout.resolve("id-server/pom.xml"));
        Files.copy(SCRIPT, checkout.resolve("serve"));
        Files.createDirectories(checkout.resolve("id-server/target"));
        Files.createFile(jar());
    }

    private Path jar() {
        return checkout.resolve("id-server/target/id-server.jar");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "| server",
                "config.yml | server config.yml",
                "id-server/config/redis.yml | server id-server/config/redis.yml",
                "./config | server ./config",
                "server | server",
                "server config.yml | server config.yml",
                "check config.yml | check config.yml",
                "create config.yml --namespace orders | create config.yml --namespace orders",
                "decode 250546550301442048 | decode 250546550301442048",
                "nodes config.yml | nodes config.yml",
                "audit a.txt b.txt | audit a.txt b.txt",
                "--help | --help"
            })
    void aFirstWordIsACommandUnlessItLooksLikeAFile(String given, String passedOn) throws Exception {
        Path jdk = checkout.resolve("jdk");
        Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
        Files.writeString(jdk.resolve("release"), "JAVA_RUNTIME_VERSION=\"17.0.1+1\"\n");
        Files.writeString(java, "#!/bin/sh\necho \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));

        Result result = serve(jdk, given == null ? "" : given);

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out().strip()).endsWith(" -jar " + jar() + " " + passedOn);
    }

    @Test
    void aCommandRunsToItsEndAndMakesNoArchive() throws Exception {
        Result result = serve("decode 250546550301442048");

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out().strip())
                .isEqualTo(
                        "{\"id\":\"250546550301442048\",\"timestamp\":\"2026-11-23T09:02:32.521Z\",\"node\":684,\"sequence\":0}");
        assertThat(checkout.resolve("id-server/target")).isDirectoryNotContaining("glob:**.archive");
    }

    @Test
    void aCommandsStandardInputAndStatusAreTheScripts() throws Exception {
        Path ids = Files.writeString(checkout.resolve("ids.txt"), "1\n2\n1\n");
        Result result = serve(realJdk(), ids, "audit -");

        assertThat(result.status()).as(result.err()).isEqualTo(1);
        assertThat(result.err().strip()).isEqualTo("duplicates found: 1");
    }

    @Test
    void aWordThatIsNoCommandIsToldWithTheCommandsThereAre() throws Exception {
        Result result = serve("fly");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .contains("invalid choice: 'fly'")
                .contains("server")
                .contains("check");
    }

    @Test
    void aFileThatIsMissingIsNamed() throws Exception {
        environment.put("SNOWLINE_ARCHIVE", "off"); // which would be created first

        Result result = serve("nowhere.yml");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).endsWith("File nowhere.yml not found\n");
    }

    private Result serve(String words) throws Exception {
        return serve(realJdk(), words);
    }

    private Result serve(Path jdk, String words) throws Exception {
        return serve(jdk, Files.writeString(checkout.resolve("nothing"), ""), words);
    }

    private Result serve(Path jdk, Path input, String words) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("bash", checkout.resolve("serve").toString()));
        command.addAll(List.of(words.split(" ")).stream()
                .filter(word -> !word.isEmpty())
                .toList());
        Path out = checkout.resolve("out.txt");
        Path err = checkout.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(checkout.toFile())
                .redirectInput(input.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_HOME", jdk.toString());
        Process process = builder.start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new IllegalStateException("serve must end by itself: " + Files.readString(err));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private Path realJdk() throws IOException {
        Files.copy(Path.of(System.getProperty("snowline.server.jar")), jar(), StandardCopyOption.REPLACE_EXISTING);
        return Path.of(System.getProperty("java.home"));
    }
}
