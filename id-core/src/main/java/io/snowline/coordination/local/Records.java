package io.snowline.coordination.local;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every record of a namespace, and the effect of a replacement on them. As text: the namespace record's line, empty if
 * there is none, then one line per node record.
 *
 * <p>Immutable and thread-safe.
 *
 * @param namespace the namespace record, if there is one
 * @param nodes the node records by node id
 */
record Records(Optional<NamespaceRecord> namespace, SortedMap<Integer, NodeRecord> nodes) {

    static final Records NONE = new Records(Optional.empty(), new TreeMap<>());

    Records {
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    }

    /** Tells whether everything is as the replacement expects. This backend has neither identity nor clock. */
    boolean match(Replacement replacement) {
        return replacement.identity().isEmpty()
                && replacement.expected().map(Stored::record).equals(namespace)
                && replacement.node().map(this::match).orElse(true);
    }

    private boolean match(Replacement.NodeChange change) {
        return change.expected().map(Stored::record).equals(node(change.next().node()));
    }

    /** Returns the records after a replacement that matches. */
    Records with(Replacement replacement) {
        SortedMap<Integer, NodeRecord> changed = new TreeMap<>(nodes);
        replacement.node().ifPresent(change -> changed.put(change.next().node(), change.next()));
        return new Records(replacement.namespace().or(() -> namespace), changed);
    }

    /** Returns a view of all records. */
    StoreView view(Trace trace) {
        return view(nodes, trace);
    }

    /** Returns a view of the records that a replacement concerns. */
    StoreView viewFor(Replacement replacement) {
        Optional<NodeRecord> node =
                replacement.node().flatMap(change -> node(change.next().node()));
        return view(node.map(record -> Map.of(record.node(), record)).orElse(Map.of()), Trace.UNKNOWN);
    }

    private StoreView view(Map<Integer, NodeRecord> shown, Trace trace) {
        Map<Integer, Stored<NodeRecord>> stored = new HashMap<>();
        shown.forEach((node, record) -> stored.put(node, new Stored<>(record, 0)));
        return new StoreView(namespace.map(record -> new Stored<>(record, 0)), stored, "", Optional.empty(), trace);
    }

    private Optional<NodeRecord> node(int node) {
        return Optional.ofNullable(nodes.get(node));
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(namespace.map(NamespaceRecord::encode).orElse(""));
        nodes.values().forEach(node -> lines.add(node.encode()));
        return lines;
    }

    /**
     * Reads the lines that {@link #lines} returns.
     *
     * @throws IllegalArgumentException if the lines are anything else
     */
    static Records parse(List<String> lines) {
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("the namespace record is missing");
        }
        String first = lines.get(0);
        SortedMap<Integer, NodeRecord> nodes = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            NodeRecord node = NodeRecord.parse(line);
            if (nodes.put(node.node(), node) != null) {
                throw new IllegalArgumentException("node id %d is there twice".formatted(node.node()));
            }
        }
        return new Records(first.isEmpty() ? Optional.empty() : Optional.of(NamespaceRecord.parse(first)), nodes);
    }
}
