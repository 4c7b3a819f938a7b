package io.snowline.testing;

import java.nio.file.Path;
import java.util.List;

/** Restores snapshots with {@code etcdutl}, or with {@code etcdctl}, as was usual up to etcd 3.5. */
final class Snapshots {

    private static final List<String> TOOLS = List.of("etcdutl", "etcdctl");

    private Snapshots() {}

    /**
     * Restores a snapshot with the tool that comes with the server, or else with one of this machine, which is installed
     * if need be.
     *
     * @param arguments the command line after the name of the tool
     * @param directory the server's
     * @throws IllegalStateException if there is no such tool, or it fails
     */
    static void restore(Launcher server, List<String> arguments, Path directory) {
        if (server.run(TOOLS, arguments, directory) || LocalLauncher.runs(TOOLS, arguments)) {
            return;
        }
        Binaries.install("etcd-client");
        if (!LocalLauncher.runs(TOOLS, arguments)) {
            throw new IllegalStateException(
                    "no etcdutl and no etcdctl to restore a snapshot with, neither in %s nor on the path: %s"
                            .formatted(server, "sudo apt-get install -y etcd-client"));
        }
    }
}
