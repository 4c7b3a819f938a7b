package io.snowline.testing;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.testcontainers.utility.DockerImageName;

/**
 * Finds a way to run a server: a binary on the path, Docker, or Debian's package, which is installed if need be.
 *
 * @param server the server's name
 * @param binaries the names of its program; images have it under the first of them
 * @param debianPackage the package that has the program
 * @param brewFormula the same for macOS
 */
record Launchers(
        String server, List<String> binaries, DockerImageName image, String debianPackage, String brewFormula) {

    private static final long DOCKER_DEADLINE_SECONDS = 60;

    /**
     * Returns the way to run Redis.
     *
     * @throws IllegalStateException if there is none; the message says what to do
     */
    static Launcher redis() {
        return Redis.LAUNCHER;
    }

    /**
     * Returns the way to run etcd. Another image that has {@code etcd} on its path can be given with
     * {@code -Dsnowline.test.etcd.image}.
     *
     * @throws IllegalStateException if there is none; the message says what to do
     */
    static Launcher etcd() {
        return Etcd.LAUNCHER;
    }

    /** Returns the address of a server that tests are to use in place of one of their own, if one is given. */
    static Optional<String> givenAddress(String server) {
        return Optional.ofNullable(System.getProperty(property(server)))
                .or(() -> Optional.ofNullable(System.getenv(variable(server))))
                .filter(text -> !text.isBlank());
    }

    /** Returns the error for a given address at which no server answers. */
    static IllegalStateException noAnswer(String server, String address) {
        return new IllegalStateException("no %s answers at %s, which %s or %s gives"
                .formatted(server, address, property(server), variable(server)));
    }

    private static String property(String server) {
        return "snowline.test." + server.toLowerCase(Locale.ROOT);
    }

    private static String variable(String server) {
        return "SNOWLINE_TEST_" + server.toUpperCase(Locale.ROOT);
    }

    private Launcher find() {
        Optional<? extends Launcher> found = LocalLauncher.find(binaries);
        if (found.isEmpty()) {
            found = ContainerLauncher.find(image, binaries.get(0), DOCKER_DEADLINE_SECONDS);
        }
        if (found.isEmpty()) {
            Binaries.install(debianPackage);
            found = LocalLauncher.find(binaries);
        }
        Launcher launcher = found.orElseThrow(() -> new IllegalStateException(howToGetOne()));
        System.out.println("Tests run " + server + " from " + launcher);
        return launcher;
    }

    private String howToGetOne() {
        return """
                No %1$s for the integration tests:
                  - no address given (-D%2$s=host:port or environment variable %3$s)
                  - no %4$s on the path
                  - no Docker engine that answered within %5$d s and has %6$s
                  - no apt-get, or neither root nor sudo without a password, to install Debian's %7$s
                Do one of:
                  sudo apt-get install -y %7$s       (macOS: brew install %8$s)
                  start Docker
                  skip these tests with -DskipITs"""
                .formatted(
                        server,
                        property(server),
                        variable(server),
                        String.join(" and no ", binaries),
                        DOCKER_DEADLINE_SECONDS,
                        image,
                        debianPackage,
                        brewFormula);
    }

    private static final class Redis {
        static final Launcher LAUNCHER = new Launchers(
                        "Redis",
                        List.of("redis-server", "valkey-server"),
                        DockerImageName.parse("redis:7.4-alpine"),
                        "redis-server",
                        "redis")
                .find();
    }

    private static final class Etcd {
        static final Launcher LAUNCHER = new Launchers(
                        "etcd",
                        List.of("etcd"),
                        DockerImageName.parse(
                                System.getProperty("snowline.test.etcd.image", "rancher/mirrored-coreos-etcd:v3.5.12")),
                        "etcd-server",
                        "etcd")
                .find();
    }
}
