package com.example.map;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Trace;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.coordination.support.Names;
import io.snowline.coordination.support.RecordSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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
            return records(namespace).view("", Optional.empty(), trace(namespace));
        }
    }

    @Override
    public Replaced replace(String namespace, Replacement step) {
        beforeEachRequest.run();
        synchronized (map) {
            map.requireThere();
            RecordSet before = records(namespace);
            boolean applied = step.identity().isEmpty()
                    && (step.trace().equals(Trace.UNKNOWN) || step.trace().equals(trace(namespace)))
                    && before.matches(step);
            if (applied) {
                write(namespace, step);
            }
            RecordSet after = applied ? before.with(step) : before;
            return new Replaced(applied, after.viewFor(step, "", Optional.empty()));
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

    private RecordSet records(String namespace) {
        SortedMap<Integer, NodeRecord> nodes = new TreeMap<>();
        String prefix = nodeKey(namespace, "");
        map.texts.tailMap(prefix).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .flatMap(key -> record(key, NodeRecord::parse).stream())
                .forEach(node -> nodes.put(node.node(), node));
        return new RecordSet(record(recordKey(namespace), NamespaceRecord::parse), nodes);
    }

    private <R extends Record> Optional<R> record(String key, Function<String, R> parser) {
        try {
            return Optional.ofNullable(map.texts.get(key)).map(parser);
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
