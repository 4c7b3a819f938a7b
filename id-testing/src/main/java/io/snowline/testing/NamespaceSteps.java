package io.snowline.testing;

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
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Steps on one namespace of a coordinator, as the tests of backends need them. Each backend's tests extend it by how a
 * coordinator is opened, and by the names under which the backend keeps records.
 *
 * <p>As thread-safe as the coordinator.
 */
public class NamespaceSteps implements AutoCloseable {

    private final NodeCoordinator coordinator;
    private final String namespace;

    public NamespaceSteps(NodeCoordinator coordinator, String namespace) {
        this.coordinator = coordinator;
        this.namespace = namespace;
    }

    /** Returns the name of a namespace that no other test uses. */
    public static String newNamespace() {
        return "test-" + UUID.randomUUID();
    }

    public final NodeCoordinator coordinator() {
        return coordinator;
    }

    public final String namespace() {
        return namespace;
    }

    public final StoreView read() {
        return coordinator.read(namespace);
    }

    public final Replaced replace(Replacement step) {
        return coordinator.replace(namespace, step);
    }

    /** Creates the namespace, which must be new. */
    public final Stored<NamespaceRecord> create() {
        StoreView view = read();
        Replaced created = replace(Replacement.ofNamespace(
                view.identity(), Optional.empty(), record(view.identity()), Optional.empty(), view.trace()));
        assertThat(created.applied()).isTrue();
        return created.view().namespace().orElseThrow();
    }

    /** Reserves up to {@code end} on a node id, starting from its present record. */
    public final Replaced reserve(int node, long end) {
        return replace(reservation(read(), node(node, end)));
    }

    /** Returns the step from what was read to another node record. */
    public static Replacement reservation(StoreView view, NodeRecord next) {
        return Replacement.ofNode(view.identity(), view.namespace().orElseThrow(), view.node(next.node()), next);
    }

    /** Returns a namespace record with floor 0 for a backend with this identity. */
    public static NamespaceRecord record(String identity) {
        return record(identity, 0);
    }

    /** Returns a namespace record with a token of its own. */
    public static NamespaceRecord record(String identity, long floor) {
        return new NamespaceRecord(
                token(),
                "41/10/12@1ms",
                Instant.parse("2025-01-01T00:00:00Z"),
                IssuingMode.LEASED,
                Duration.ofSeconds(30),
                1,
                identity,
                floor,
                Optional.of(Instant.parse("2025-01-01T00:00:00Z")));
    }

    /** Returns a node record with a token and an owner of its own. */
    public static NodeRecord node(int node, long end) {
        return new NodeRecord(node, token(), token(), "host:8080", 0, end);
    }

    /** Returns a token that was never used before. */
    public static String token() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** Reads until the coordinator answers, which must happen before the deadline. */
    public final StoreView readOnceRecovered(Duration deadline) {
        AtomicReference<Optional<StoreView>> view = new AtomicReference<>(Optional.empty());
        Await.until(coordinator + " to answer", deadline, () -> {
            view.set(answer());
            return view.get().isPresent();
        });
        return view.get().orElseThrow();
    }

    /** Returns what it reads, or nothing if the coordinator is unavailable. */
    public final Optional<StoreView> answer() {
        try {
            return Optional.of(read());
        } catch (CoordinatorUnavailableException e) {
            return Optional.empty();
        }
    }

    @Override
    public final void close() {
        coordinator.close();
    }
}
