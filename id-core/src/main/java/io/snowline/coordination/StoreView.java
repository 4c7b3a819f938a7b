package io.snowline.coordination;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a backend holds of a namespace, and what it says of itself.
 *
 * <p>Immutable; threads may share it.
 *
 * @param namespace the namespace record; empty when the namespace is new to this backend
 * @param nodes node records by node id, ascending: all of them after {@link NodeCoordinator#read(String)}, at most the one
 *     concerned after {@link NodeCoordinator#replace}
 * @param identity a text that changes when the backend may have lost acknowledged writes; empty for a backend that has
 *     none. Printable ASCII without blanks
 * @param time the backend's clock when it answered; empty for a backend without a clock
 * @param trace what the backend keeps of the namespace outside of its records; told by both reads, and {@link
 *     Trace#UNKNOWN} after {@link NodeCoordinator#replace}. Never newer than the records: a coordinator that cannot read both in
 *     one step reads the trace first
 */
public record StoreView(
        Optional<Stored<NamespaceRecord>> namespace,
        Map<Integer, Stored<NodeRecord>> nodes,
        String identity,
        Optional<Instant> time,
        Trace trace) {

    public StoreView {
        nodes = Collections.unmodifiableMap(
                new TreeMap<>(nodes)); // one order in every JVM, so that a simulation replays
    }

    /** Makes a view that does not tell the trace. */
    public StoreView(
            Optional<Stored<NamespaceRecord>> namespace,
            Map<Integer, Stored<NodeRecord>> nodes,
            String identity,
            Optional<Instant> time) {
        this(namespace, nodes, identity, time, Trace.UNKNOWN);
    }

    /** Returns the record of a node id, if this view has one. */
    public Optional<Stored<NodeRecord>> node(int node) {
        return Optional.ofNullable(nodes.get(node));
    }
}
