package io.snowline.coordination.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.zookeeper.testing.Await;
import io.snowline.coordination.zookeeper.testing.ZooKeeperServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Steps on one namespace of a coordinator, as the tests of this package need them. */
record Coordination(NodeCoordinator coordinator, String namespace) implements AutoCloseable {

    static final Duration RECOVERY = Duration.ofSeconds(5);

    /** Opens a coordinator with a namespace of its own. */
    static Coordination open(Consumer<ZooKeeperCoordinatorFactory> settings) {
        return open("test-" + UUID.randomUUID(), settings);
    }

    static Coordination open(String namespace, Consumer<ZooKeeperCoordinatorFactory> settings) {
        ZooKeeperCoordinatorFactory factory = new ZooKeeperCoordinatorFactory();
        settings.accept(factory);
        return new Coordination(factory.open(), namespace);
    }

    static Coordination open(ZooKeeperServer server) {
        return open(factory -> factory.setConnectString(server.connectString()));
    }

    Znodes znodes() {
        return new Znodes(namespace);
    }

    StoreView read() {
        return coordinator.read(namespace);
    }

    Replaced replace(Replacement step) {
        return coordinator.replace(namespace, step);
    }

    /** Creates the namespace, which must be new. */
    Stored<NamespaceRecord> create() {
        Replaced created =
                replace(Replacement.ofNamespace("", Optional.empty(), record(0), Optional.empty(), read().trace()));
        assertThat(created.applied()).isTrue();
        return created.view().namespace().orElseThrow();
    }

    /** Reserves up to {@code end} on a node id, starting from its present record. */
    Replaced reserve(int node, long end) {
        return replace(reservation(read(), node(node, end)));
    }

    static Replacement reservation(StoreView view, NodeRecord next) {
        return Replacement.ofNode("", view.namespace().orElseThrow(), view.node(next.node()), next);
    }

    static NamespaceRecord record(long floor) {
        return new NamespaceRecord(
                token(),
                "41/10/12@1ms",
                Instant.parse("2025-01-01T00:00:00Z"),
                IssuingMode.LEASED,
                Duration.ofSeconds(30),
                1,
                "",
                floor,
                Optional.of(Instant.parse("2025-01-01T00:00:00Z")));
    }

    static NodeRecord node(int node, long end) {
        return new NodeRecord(node, token(), token(), "host:8080", 0, end);
    }

    static String token() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** Reads until the coordinator answers, which must happen soon. */
    StoreView readOnceRecovered(Duration deadline) {
        AtomicReference<StoreView> view = new AtomicReference<>();
        Await.until(coordinator + " to answer", deadline, () -> {
            try {
                view.set(read());
                return true;
            } catch (CoordinatorUnavailableException e) {
                return false;
            }
        });
        return view.get();
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
