package io.snowline.coordination.etcd;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.testing.EtcdServer;
import io.snowline.testing.NamespaceSteps;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Steps on one namespace in etcd. */
final class Coordination extends NamespaceSteps {

    static final Duration RECOVERY = Duration.ofSeconds(3);

    /** For tests that are not about time: the first call of a JVM takes seconds on a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    Coordination(NodeCoordinator coordinator, String namespace) {
        super(coordinator, namespace);
    }

    /** Opens a coordinator with a namespace of its own. */
    static Coordination open(Consumer<EtcdCoordinatorFactory> settings) {
        EtcdCoordinatorFactory factory = new EtcdCoordinatorFactory();
        settings.accept(factory);
        return new Coordination(factory.open(), newNamespace());
    }

    static Coordination open(EtcdServer server) {
        return open(factory -> {
            factory.setEndpoints(List.of(server.endpoint()));
            factory.setRequestTimeout(PATIENCE);
        });
    }

    /** Opens another coordinator on the same namespace. */
    Coordination again(EtcdServer server) {
        return new Coordination(open(server).coordinator(), namespace());
    }

    String key() {
        return "/snowline/" + namespace();
    }

    String traceKey() {
        return "/.snowline-trace" + key();
    }

    String nodeKey(int node) {
        return key() + "/nodes/" + node;
    }
}
