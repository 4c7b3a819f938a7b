package io.snowline.spring;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.id.NodeLine;
import java.util.List;
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
    record Answer(List<State> namespaces, List<NodeLine> nodes, @Nullable String problem) {}

    /**
     * The state of a namespace.
     *
     * @param ready whether this application can issue its IDs
     * @param detail what is held, and what is wrong
     */
    record State(String namespace, boolean ready, String detail) {}

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
            List<NodeLine> nodes = namespaces.all().stream()
                    .flatMap(ids -> NodeLine.read(asked, ids.namespace(), ids.layout()).stream())
                    .toList();
            return new Answer(states, nodes, null);
        } catch (CoordinatorUnavailableException | UnreadableRecordException e) {
            return new Answer(states, List.of(), e.getMessage());
        }
    }
}
