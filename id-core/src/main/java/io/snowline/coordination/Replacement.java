package io.snowline.coordination;

import java.time.Instant;
import java.util.Optional;

/**
 * One atomic step: the state that it expects, and what it then writes.
 *
 * <p>Immutable and thread-safe.
 *
 * @param identity the backend's identity as read, which must still hold
 * @param expected the namespace record that must still be there; empty: there must be none
 * @param namespace the namespace record to write; empty: leave the existing one
 * @param node the node record to compare and write; empty: the step concerns the namespace record alone
 * @param notAfter the last instant, on the backend's clock, at which the step may be applied; empty: any time. A backend
 *     without a clock ignores it
 * @param trace the trace that must still be there; after the step it is the trace of the namespace record written.
 *     {@link Trace#UNKNOWN}: it is neither compared nor written
 */
public record Replacement(
        String identity,
        Optional<Stored<NamespaceRecord>> expected,
        Optional<NamespaceRecord> namespace,
        Optional<NodeChange> node,
        Optional<Instant> notAfter,
        Trace trace) {

    /**
     * @throws IllegalArgumentException if there is nothing to write, or if there is a trace to compare but no namespace
     *     record to write
     */
    public Replacement {
        if (namespace.isEmpty() && node.isEmpty()) {
            throw new IllegalArgumentException("a replacement must write a namespace record, a node record or both");
        }
        if (namespace.isEmpty() && trace.kind() != Trace.Kind.UNKNOWN) {
            throw new IllegalArgumentException(
                    "a replacement with a trace must write a namespace record, got trace %s and none".formatted(trace));
        }
    }

    /** Returns a step that writes only the namespace record and its trace. */
    public static Replacement ofNamespace(
            String identity,
            Optional<Stored<NamespaceRecord>> expected,
            NamespaceRecord namespace,
            Optional<Instant> notAfter,
            Trace trace) {
        return new Replacement(identity, expected, Optional.of(namespace), Optional.empty(), notAfter, trace);
    }

    /** Returns a step that writes a node record, under a namespace record that must not have changed. */
    public static Replacement ofNode(
            String identity,
            Stored<NamespaceRecord> namespace,
            Optional<Stored<NodeRecord>> expected,
            NodeRecord next) {
        return new Replacement(
                identity,
                Optional.of(namespace),
                Optional.empty(),
                Optional.of(new NodeChange(expected, next)),
                Optional.empty(),
                Trace.UNKNOWN);
    }

    /**
     * A change of one node record.
     *
     * @param expected the record that must still be there; empty: there must be none
     * @param next the record to write
     */
    public record NodeChange(Optional<Stored<NodeRecord>> expected, NodeRecord next) {

        /**
         * @throws IllegalArgumentException if the two records have different node ids
         */
        public NodeChange {
            if (expected.isPresent() && expected.get().record().node() != next.node()) {
                throw new IllegalArgumentException("a node change must be of one node id, got %s and %s"
                        .formatted(expected.get().record().node(), next.node()));
            }
        }
    }
}
