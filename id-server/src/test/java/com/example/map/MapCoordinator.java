package com.example.map;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.coordination.support.Names;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A coordinator with neither a clock nor an identity nor a ledger, which a backend need not have. The monitor stands
 * for a transaction or a script of a real backend.
 */
final class MapCoordinator implements NodeCoordinator {

    private final SharedMap map;
    private final Runnable beforeEachRequest;

    MapCoordinator(SharedMap map) {
        this(map, () -> {});
    }

    /** A test may delay requests; the test of a real backend would use a proxy. */
    MapCoordinator(SharedMap map, Runnable beforeEachRequest) {
        this.map = map;
        this.beforeEachRequest = beforeEachRequest;
    }

    @Override
    public StoreView read(String namespace) {
        beforeEachRequest.run();
        synchronized (map) {
            map.requireThere();
            Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>();
            String before = nodeKey(namespace, "");
            for (String key : map.texts.tailMap(before).keySet()) {
                if (key.startsWith(before)) {
                    node(key).ifPresent(stored -> nodes.put(stored.record().node(), stored));
                }
            }
            return view(namespace, nodes, trace(namespace));
        }
    }

    @Override
    public Replaced replace(String namespace, Replacement step) {
        beforeEachRequest.run();
        synchronized (map) {
            map.requireThere();
            boolean applied = step.identity().isEmpty()
                    && (step.trace().equals(Trace.UNKNOWN) || step.trace().equals(trace(namespace)))
                    && step.expected().equals(record(namespace))
                    && step.node()
                            .map(change -> change.expected()
                                    .equals(node(
                                            nodeKey(namespace, change.next().node()))))
                            .orElse(true);
            if (applied) {
                write(namespace, step);
            }
            return new Replaced(applied, view(namespace, nodeOf(namespace, step), Trace.UNKNOWN));
        }
    }

    private void write(String namespace, Replacement step) {
        step.namespace().ifPresent(record -> map.texts.put(recordKey(namespace), record.encode()));
        step.node()
                .map(Replacement.NodeChange::next)
                .ifPresent(node -> map.texts.put(nodeKey(namespace, node.node()), node.encode()));
        if (!step.trace().equals(Trace.UNKNOWN)) {
            step.namespace().ifPresent(record -> map.traces.put(namespace, record.token()));
        }
    }

    private Trace trace(String namespace) {
        return Optional.ofNullable(map.traces.get(namespace)).map(Trace::leftBy).orElse(Trace.NONE);
    }

    private StoreView view(String namespace, Map<Integer, Stored<NodeRecord>> nodes, Trace trace) {
        return new StoreView(record(namespace), nodes, "", Optional.empty(), trace);
    }

    private Map<Integer, Stored<NodeRecord>> nodeOf(String namespace, Replacement step) {
        Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>();
        step.node()
                .flatMap(change -> node(nodeKey(namespace, change.next().node())))
                .ifPresent(stored -> nodes.put(stored.record().node(), stored));
        return nodes;
    }

    private Optional<Stored<NamespaceRecord>> record(String namespace) {
        return stored(recordKey(namespace), NamespaceRecord::parse);
    }

    private Optional<Stored<NodeRecord>> node(String key) {
        return stored(key, NodeRecord::parse);
    }

    private <R extends Record> Optional<Stored<R>> stored(String key, Function<String, R> parser) {
        try {
            return Optional.ofNullable(map.texts.get(key)).map(parser).map(record -> new Stored<>(record, 0));
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException("key '" + key + "' holds no record", e);
        }
    }

    static String recordKey(String namespace) {
        return namespace + "/record";
    }

    static String nodeKey(String namespace, Object node) {
        return namespace + "/nodes/" + node;
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        return new MapLock(map, namespace + "/locks/" + Names.requireLock(name));
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        return Optional.empty();
    }

    @Override
    public void close() {
        // a map is neither opened nor closed
    }

    @Override
    public String toString() {
        return "a map in memory";
    }
}
