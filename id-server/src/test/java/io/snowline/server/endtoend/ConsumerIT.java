package io.snowline.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.Jdks;
import io.snowline.server.testing.Maven;
import io.snowline.testing.EtcdServer;
import io.snowline.testing.RedisServer;
import io.snowline.testing.ZooKeeperServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A third party's project that takes the coordinators' modules from a repository, without Snowline's parent and BOM.
 */
@Timeout(300)
class ConsumerIT {

    private static final String VERSION = System.getProperty("snowline.version");
    private static final Path ROOT = Path.of("..");
    private static final List<String> MODULES =
            List.of("id-core", "id-coordination-redis", "id-coordination-zookeeper", "id-coordination-etcd");

    @TempDir
    Path directory;

    @Test
    void withoutTheBomOneProcessUsesAllBackendsAtOnceOnEveryJdkThatIsThere() throws Exception {
        copy(Path.of("src", "test", "consumer"), directory.resolve("consumer"));
        publish();
        build();
        String classPath = Files.readString(directory.resolve("consumer/target/class-path.txt"));
        assertThat(netty(classPath)).as("Netty").isNotEmpty().allMatch(jar -> jar.contains("-4.2."));
        try (RedisServer redis = RedisServer.start();
                ZooKeeperServer zookeeper = ZooKeeperServer.start();
                EtcdServer etcd = EtcdServer.start()) {
            assertThat(Jdks.runOnEach(
                            directory,
                            "-cp",
                            classPath,
                            "com.example.Consumer",
                            redis.uri(),
                            zookeeper.connectString(),
                            etcd.endpoint()))
                    .allSatisfy(out -> assertThat(out).contains("3 backends, 40000 IDs each, none twice"));
        }
    }

    /**
     * Puts the artifacts of this build where Maven would put them at {@code install}, but into a repository of this
     * test.
     */
    private void publish() throws IOException {
        publish("snowline-parent", ROOT.resolve("pom.xml"), "pom");
        for (String module : MODULES) {
            publish(module, ROOT.resolve(module).resolve("pom.xml"), "pom");
            publish(module, ROOT.resolve(module).resolve("target/%s-%s.jar".formatted(module, VERSION)), "jar");
        }
    }

    private void publish(String artifact, Path file, String extension) throws IOException {
        Path place = repository().resolve("io/snowline").resolve(artifact).resolve(VERSION);
        Files.copy(file, Files.createDirectories(place).resolve("%s-%s.%s".formatted(artifact, VERSION, extension)));
    }

    private Path repository() {
        return directory.resolve("repository");
    }

    /** Reads what the build that runs this test has already downloaded, and adds nothing to it. */
    private void build() throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "test",
                "-Dmaven.repo.local=" + repository(),
                "-Dmaven.repo.local.tail=" + System.getProperty("maven.repository")));
        Stream.of("snowline", "junit", "compiler-plugin", "resources-plugin", "surefire-plugin")
                .map(name -> name + ".version")
                .map(name -> "-D" + name + "=" + System.getProperty(name))
                .forEach(arguments::add);
        Maven.run(directory, directory.resolve("consumer"), arguments.toArray(String[]::new));
    }

    private static List<String> netty(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator))
                .map(jar -> Path.of(jar).getFileName().toString())
                .filter(name -> name.matches("netty-.*") && !name.startsWith("netty-tcnative"))
                .toList();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
