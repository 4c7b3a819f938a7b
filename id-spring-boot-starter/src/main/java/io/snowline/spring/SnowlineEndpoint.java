package io.snowline.spring;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.time.NamespaceTime;
import io.snowline.time.TickScale;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The actuator's endpoint {@code snowline}: who holds which node id, read from the backend now. Thread-safe. */
@Endpoint(id = "snowline")
final class SnowlineEndpoint {

    private final Namespaces namespaces;
    private final @Nullable NodeCoordinator coordinator;

    /**
     * Makes the endpoint.
     *
     * @param coordinator null where IDs come from servers, which know the node ids
     */
    SnowlineEndpoint(Namespaces namespaces, @Nullable NodeCoordinator coordinator) {
        this.namespaces = namespaces;
        this.coordinator = coordinator;
    }

    /**
     * What the endpoint answers.
     *
     * @param namespaces the state of each namespace in this application
     * @param nodes the node ids of all processes; empty if the backend does not answer
     * @param problem why the node ids could not be read, if so
     */
    record Answer(List<State> namespaces, List<Node> nodes, @Nullable String problem) {}

    /**
     * The state of a namespace.
     *
     * @param ready whether this application can issue its IDs
     * @param detail what is held, and what is wrong
     */
    record State(String namespace, boolean ready, String detail) {}

    /**
     * A node id, as the server's {@code /nodes} shows it.
     *
     * @param owner the owner's id; null after a release
     * @param label the owner's name for people, kept after a release
     * @param end when the reserved positions are used up at the latest, by the wall clock
     * @param state {@code held} or {@code free}
     */
    record Node(String namespace, int node, @Nullable String owner, String label, String end, String state) {}

    /** Reads the node ids. */
    @ReadOperation
    Answer nodes() {
        List<State> states = namespaces.readiness().entrySet().stream()
                .map(entry -> new State(
                        entry.getKey(),
                        entry.getValue().ready(),
                        entry.getValue().detail()))
                .toList();
        if (coordinator == null) {
            return new Answer(states, List.of(), null);
        }
        NodeCoordinator asked = coordinator;
        try {
            List<Node> nodes =
                    namespaces.all().stream().flatMap(ids -> nodes(asked, ids)).toList();
            return new Answer(states, nodes, null);
        } catch (CoordinatorUnavailableException | UnreadableRecordException e) {
            return new Answer(states, List.of(), e.getMessage());
        }
    }

    private static Stream<Node> nodes(NodeCoordinator coordinator, NamespaceIds ids) {
        StoreView view = coordinator.read(ids.namespace());
        TickScale scale = ids.layout().scale();
        NamespaceTime time = view.namespace()
                .map(Stored::record)
                .map(record -> scale.namespaceTime(record.floor(), record.usableFrom(), record.ahead()))
                .orElse(NamespaceTime.NOW);
        return view.nodes().values().stream()
                .map(Stored::record)
                .sorted(Comparator.comparingInt(NodeRecord::node))
                .map(record -> new Node(
                        ids.namespace(),
                        record.node(),
                        record.released() ? null : record.owner(),
                        record.label(),
                        Instant.ofEpochMilli(time.wallMillisOf(scale.millisAt(record.end())))
                                .toString(),
                        record.released() ? "free" : "held"));
    }
}
