package io.snowline.coordination.etcd;

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
import io.snowline.coordination.etcd.testing.Await;
import io.snowline.coordination.etcd.testing.EtcdServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Steps on one namespace of a coordinator, as the tests of this package need them. */
record Coordination(NodeCoordinator coordinator, String namespace) implements AutoCloseable {

    static final Duration RECOVERY = Duration.ofSeconds(3);

    /** For tests that are not about time: the first call of a JVM takes seconds on a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Opens a coordinator with a namespace of its own. */
    static Coordination open(Consumer<EtcdCoordinatorFactory> settings) {
        EtcdCoordinatorFactory factory = new EtcdCoordinatorFactory();
        settings.accept(factory);
        return new Coordination(factory.open(), "test-" + UUID.randomUUID());
    }

    static Coordination open(EtcdServer server) {
        return open(factory -> {
            factory.setEndpoints(List.of(server.endpoint()));
            factory.setRequestTimeout(PATIENCE);
        });
    }

    /** Opens another coordinator on the same namespace. */
    Coordination again(EtcdServer server) {
        return new Coordination(open(server).coordinator, namespace);
    }

    String key() {
        return "/snowline/" + namespace;
    }

    String traceKey() {
        return "/.snowline-trace" + key();
    }

    String nodeKey(int node) {
        return key() + "/nodes/" + node;
    }

    StoreView read() {
        return coordinator.read(namespace);
    }

    Replaced replace(Replacement step) {
        return coordinator.replace(namespace, step);
    }

    /** Creates the namespace, which must be new. */
    Stored<NamespaceRecord> create() {
        String identity = read().identity();
        Replaced created = replace(Replacement.ofNamespace(
                identity, Optional.empty(), record(identity), Optional.empty(), read().trace()));
        assertThat(created.applied()).isTrue();
        return created.view().namespace().orElseThrow();
    }

    /** Reserves up to {@code end} on a node id, starting from its present record. */
    Replaced reserve(int node, long end) {
        StoreView view = read();
        return replace(
                Replacement.ofNode(view.identity(), view.namespace().orElseThrow(), view.node(node), node(node, end)));
    }

    static NamespaceRecord record(String identity) {
        return new NamespaceRecord(
                token(),
                "41/10/12/1ms",
                Instant.parse("2025-01-01T00:00:00Z"),
                IssuingMode.LEASED,
                Duration.ofSeconds(30),
                1,
                identity,
                0,
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
