package io.snowline.coordination.zookeeper;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.testing.NamespaceSteps;
import io.snowline.testing.ZooKeeperServer;
import java.time.Duration;
import java.util.function.Consumer;

/** Steps on one namespace in ZooKeeper. */
final class Coordination extends NamespaceSteps {

    static final Duration RECOVERY = Duration.ofSeconds(5);

    private Coordination(NodeCoordinator coordinator, String namespace) {
        super(coordinator, namespace);
    }

    /** Opens a coordinator with a namespace of its own. */
    static Coordination open(Consumer<ZooKeeperCoordinatorFactory> settings) {
        return open(newNamespace(), settings);
    }

    static Coordination open(String namespace, Consumer<ZooKeeperCoordinatorFactory> settings) {
        ZooKeeperCoordinatorFactory factory = new ZooKeeperCoordinatorFactory();
        settings.accept(factory);
        return new Coordination(factory.open(), namespace);
    }

    static Coordination open(ZooKeeperServer server) {
        return open(factory -> factory.setConnectString(server.connectString()));
    }

    /** Returns a namespace record; this backend has no identity. */
    static NamespaceRecord record(long floor) {
        return record("", floor);
    }

    Znodes znodes() {
        return new Znodes(namespace());
    }
}
