package io.snowline.id;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.time.NamespaceTime;
import io.snowline.time.TickScale;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node id of any process, as operators see it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param namespace the namespace
 * @param node the node id
 * @param owner the owner's id; null after a release
 * @param label the owner's name for people, kept after a release
 * @param end when the reserved positions are used up at the latest, by the wall clock
 * @param state {@code held} or {@code free}
 */
public record NodeLine(String namespace, int node, @Nullable String owner, String label, String end, String state) {

    /**
     * Reads the node ids of a namespace from the backend, in ascending order.
     *
     * @throws CoordinatorUnavailableException if the backend did not answer; retrying helps
     */
    public static List<NodeLine> read(NodeCoordinator coordinator, String namespace, IdLayout layout) {
        StoreView view = coordinator.read(namespace);
        TickScale scale = layout.scale();
        NamespaceTime time = view.namespace()
                .map(Stored::record)
                .map(record -> scale.namespaceTime(record.floor(), record.usableFrom(), record.ahead()))
                .orElse(NamespaceTime.NOW);
        return view.nodes().values().stream()
                .map(Stored::record)
                .sorted(Comparator.comparingInt(NodeRecord::node))
                .map(record -> of(record, namespace, time.wallMillisOf(scale.millisAt(record.end()))))
                .toList();
    }

    private static NodeLine of(NodeRecord record, String namespace, long end) {
        return new NodeLine(
                namespace,
                record.node(),
                record.released() ? null : record.owner(),
                record.label(),
                Instant.ofEpochMilli(end).toString(),
                record.released() ? "free" : "held");
    }
}
