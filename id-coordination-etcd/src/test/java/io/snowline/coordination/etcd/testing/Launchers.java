package io.snowline.coordination.etcd.testing;

import java.util.Optional;

/** Finds a way to run etcd: a binary on the path, Docker, or Debian's package, which is installed if need be. */
final class Launchers {

    private static final long DOCKER_DEADLINE_SECONDS = 60;

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
            Binaries.install("etcd-server");
            found = LocalLauncher.find();
        }
        return found.orElseThrow(() -> new IllegalStateException(
                """
                No etcd for the integration tests:
                  - no address given (-Dsnowline.test.etcd=host:port or environment variable SNOWLINE_TEST_ETCD)
                  - no etcd on the path
                  - no Docker engine that answered within %d s and has an image of etcd
                  - no apt-get, or neither root nor sudo without a password, to install Debian's etcd-server
                Do one of:
                  sudo apt-get install -y etcd-server etcd-client       (macOS: brew install etcd)
                  start Docker
                  skip these tests with -DskipITs"""
                        .formatted(DOCKER_DEADLINE_SECONDS)));
    }

    private static final class Found {
        static final Launcher LAUNCHER = find();
    }
}
