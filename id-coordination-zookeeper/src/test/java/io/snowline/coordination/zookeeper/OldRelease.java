package io.snowline.coordination.zookeeper;

import io.snowline.testing.ZooKeeperShell;
import java.util.UUID;

/** Creates znodes as the first release did: the record's format is 1, and there are neither markers nor traces. */
final class OldRelease {

    private static final String NAMESPACE =
            "token=%s layout=41/10/12@1ms epoch=2025-01-01T00:00:00Z mode=leased ahead=PT30S incarnation=1 identity= floor=0";
    private static final String NODE = "node=%d token=%s owner= label=host:8080 start=0 end=%d";

    private OldRelease() {}

    /** Creates a namespace with one node record, and leaves each record at version 1. */
    static void make(ZooKeeperShell shell, Znodes znodes, int node, long end) {
        shell.create(znodes.record(), "");
        shell.create(znodes.nodes(), "");
        shell.write(znodes.record(), NAMESPACE.formatted(token()));
        String record = NODE.formatted(node, token(), end);
        shell.create(znodes.node(node), record);
        shell.write(znodes.node(node), record);
    }

    private static String token() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
