package io.snowline.coordination.redis.testing;

import java.nio.file.Path;
import java.util.Optional;

/** Finds a way to run Redis: a binary on the path, Docker, or Debian's package, which is installed if need be. */
final class Launchers {

    private static final long DOCKER_DEADLINE_SECONDS = 60;

    /** One at a time: apt-get does not wait for another one, and modules are tested in parallel. */
    private static final String APT_LOCK =
            Path.of(System.getProperty("java.io.tmpdir"), "snowline-apt.lock").toString();

    private Launchers() {}

    /**
     * @throws IllegalStateException if there is none; the message says what to do
     */
    static Launcher get() {
        return Found.LAUNCHER;
    }

    private static Launcher find() {
        Optional<? extends Launcher> found = LocalLauncher.find();
        if (found.isEmpty()) {
            found = ContainerLauncher.find(DOCKER_DEADLINE_SECONDS);
        }
        if (found.isEmpty()) {
            found = installed();
        }
        return found.orElseThrow(() -> new IllegalStateException(
                """
                No Redis for the integration tests:
                  - no address given (-Dsnowline.test.redis=host:port or environment variable SNOWLINE_TEST_REDIS)
                  - no redis-server and no valkey-server on the path
                  - no Docker engine that answered within %d s and has redis:7.4-alpine
                  - no apt-get, or neither root nor sudo without a password, to install Debian's redis-server
                Do one of:
                  sudo apt-get install -y redis-server       (macOS: brew install redis)
                  start Docker
                  skip these tests with -DskipITs"""
                        .formatted(DOCKER_DEADLINE_SECONDS)));
    }

    private static Optional<LocalLauncher> installed() {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!Commands.succeeds("apt-get", "--version") || !(root || Commands.succeeds("sudo", "-n", "true"))) {
            return Optional.empty();
        }
        System.out.println("No Redis was found for the integration tests: installing Debian's package redis-server");
        String sudo = root ? "" : "sudo -n ";
        String install = sudo + "apt-get update -q && " + sudo
                + "env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends redis-server";
        try {
            Commands.run("flock", APT_LOCK, "sh", "-c", install);
        } catch (IllegalStateException e) {
            System.out.println("Installing redis-server failed: " + e.getMessage());
        }
        return LocalLauncher.find();
    }

    private static final class Found {
        static final Launcher LAUNCHER = find();
    }
}
