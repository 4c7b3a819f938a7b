package io.snowline.server.endtoend;

import io.snowline.server.testing.FaultTable;
import io.snowline.testing.EtcdCluster;
import io.snowline.testing.ZooKeeperEnsemble;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three servers on a backend of three servers, whose leader is killed while the first are drained and killed
 * themselves.
 */
@Tag("faults")
@ExtendWith(FaultTable.class)
class ClusterEndToEndIT {

    private static final Siege SIEGE = Siege.of(50_000_000, 10_000);

    @TempDir
    Path directory;

    @Test
    void onZooKeeperNoIdIsIssuedTwice() throws Exception {
        try (ZooKeeperEnsemble ensemble = ZooKeeperEnsemble.start()) {
            String yaml = "coordination: {type: zookeeper, connectString: \"%s\"}".formatted(ensemble.connectString());
            SIEGE.run(
                    "ZooKeeper, 3 servers",
                    "leader killed",
                    directory,
                    yaml,
                    () -> ensemble.kill(ensemble.leader().orElseThrow()));
        }
    }

    @Test
    void onEtcdNoIdIsIssuedTwice() throws Exception {
        try (EtcdCluster cluster = EtcdCluster.start()) {
            String yaml = "coordination: {type: etcd, endpoints: [\"%s\"]}"
                    .formatted(String.join("\", \"", cluster.endpoints()));
            SIEGE.run("etcd, 3 members", "leader killed", directory, yaml, () -> cluster.leader()
                    .kill());
        }
    }
}
