package io.snowline.coordination.redis;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.testing.NamespaceSteps;
import io.snowline.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Steps on one namespace in Redis. */
final class Coordination extends NamespaceSteps {

    static final Duration RECOVERY = Duration.ofSeconds(3);

    Coordination(NodeCoordinator coordinator, String namespace) {
        super(coordinator, namespace);
    }

    /** Opens a coordinator with a namespace of its own. */
    static Coordination open(Consumer<RedisCoordinatorFactory> settings) {
        RedisCoordinatorFactory factory = new RedisCoordinatorFactory();
        settings.accept(factory);
        return new Coordination(factory.open(), newNamespace());
    }

    static Coordination open(RedisServer server) {
        return open(factory -> factory.setUri(server.uri()));
    }

    static Coordination ofSentinels(List<String> nodes, String master, Consumer<RedisCoordinatorFactory> settings) {
        SentinelSettings sentinel = new SentinelSettings();
        sentinel.setMaster(master);
        sentinel.setNodes(nodes);
        return open(settings.andThen(factory -> factory.setSentinel(sentinel)));
    }

    static Coordination ofCluster(List<String> nodes) {
        ClusterSettings cluster = new ClusterSettings();
        cluster.setNodes(nodes);
        return open(factory -> factory.setCluster(cluster));
    }

    String key() {
        return "id_gen:{" + namespace() + "}";
    }
}
