package io.snowline.coordination;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A view of a backend: the records it holds of a namespace, and its own identity and time.
 *
 * <p>Immutable and thread-safe.
 *
 * @param namespace the namespace record; empty if this backend has none
 * @param nodes node records by node id, ascending: all of them after {@link NodeCoordinator#read(String)}, at most the
 *     one concerned after {@link NodeCoordinator#replace}
 * @param identity a text that changes when the backend may have lost acknowledged writes; empty if the backend has
 *     none. Printable ASCII without blanks
 * @param time the backend's clock when it answered; empty if it has no clock
 * @param trace what the backend keeps of the namespace outside its records; set by both reads, and
 *     {@link Trace#UNKNOWN} after {@link NodeCoordinator#replace}. Never newer than the records: a coordinator that
 *     cannot read both in one step reads the trace first
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

    /** Creates a view without a trace. */
    public StoreView(
            Optional<Stored<NamespaceRecord>> namespace,
            Map<Integer, Stored<NodeRecord>> nodes,
            String identity,
            Optional<Instant> time) {
        this(namespace, nodes, identity, time, Trace.UNKNOWN);
    }

    /** Returns the record of a node id, if this view contains one. */
    public Optional<Stored<NodeRecord>> node(int node) {
        return Optional.ofNullable(nodes.get(node));
    }
}
