package io.snowline.coordination.support;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All records of one namespace, and the compare-and-set over them, for a backend that reads and writes them as a whole. Revisions
 * are 0: a record's token already tells it from any other.
 *
 * <p>Immutable and thread-safe.
 *
 * @param namespace the namespace record, if there is one
 * @param nodes the node records by node id
 */
public record RecordSet(Optional<NamespaceRecord> namespace, SortedMap<Integer, NodeRecord> nodes) {

    /** The records of a namespace that is absent. */
    public static final RecordSet EMPTY = new RecordSet(Optional.empty(), new TreeMap<>());

    public RecordSet {
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    }

    /** Tells whether the records are those that a replacement expects. Identity, trace and time are the caller's to compare. */
    public boolean matches(Replacement replacement) {
        return replacement.expected().map(Stored::record).equals(namespace)
                && replacement.node().map(this::matches).orElse(true);
    }

    private boolean matches(Replacement.NodeChange change) {
        return change.expected().map(Stored::record).equals(node(change.next().node()));
    }

    /** Returns the records after a replacement that {@linkplain #matches matched}. */
    public RecordSet with(Replacement replacement) {
        SortedMap<Integer, NodeRecord> changed = new TreeMap<>(nodes);
        replacement.node().ifPresent(change -> changed.put(change.next().node(), change.next()));
        return new RecordSet(replacement.namespace().or(() -> namespace), changed);
    }

    /** Returns a view of all records. */
    public StoreView view(String identity, Optional<Instant> time, Trace trace) {
        return view(nodes, identity, time, trace);
    }

    /** Returns a view of the records that a replacement is about, which does not tell the trace. */
    public StoreView viewFor(Replacement replacement, String identity, Optional<Instant> time) {
        Optional<NodeRecord> node =
                replacement.node().flatMap(change -> node(change.next().node()));
        return view(node.map(record -> Map.of(record.node(), record)).orElse(Map.of()), identity, time, Trace.UNKNOWN);
    }

    private StoreView view(Map<Integer, NodeRecord> shown, String identity, Optional<Instant> time, Trace trace) {
        Map<Integer, Stored<NodeRecord>> stored = new HashMap<>();
        shown.forEach((node, record) -> stored.put(node, new Stored<>(record, 0)));
        return new StoreView(namespace.map(record -> new Stored<>(record, 0)), stored, identity, time, trace);
    }

    private Optional<NodeRecord> node(int node) {
        return Optional.ofNullable(nodes.get(node));
    }
}
