package io.snowline.coordination.etcd.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Restores snapshots with {@code etcdutl}, or with {@code etcdctl}, as was usual up to etcd 3.5. */
final class Snapshots {

    private Snapshots() {}

    /**
     * @throws IllegalStateException if neither of the programs is there, or it fails
     */
    @SafeVarargs
    static void restore(Path snapshot, List<String>... options) {
        List<String> command = new ArrayList<>(List.of(tool().toString(), "snapshot", "restore", snapshot.toString()));
        for (List<String> option : options) {
            command.addAll(option);
        }
        Commands.run(command.toArray(String[]::new));
    }

    private static Path tool() {
        Optional<Path> tool = Binaries.find("etcdutl", "etcdctl");
        if (tool.isEmpty()) {
            Binaries.install("etcd-client");
            tool = Binaries.find("etcdutl", "etcdctl");
        }
        return tool.orElseThrow(() -> new IllegalStateException("no etcdutl and no etcdctl on the path to restore a"
                + " snapshot with: sudo apt-get install -y etcd-client"));
    }
}
