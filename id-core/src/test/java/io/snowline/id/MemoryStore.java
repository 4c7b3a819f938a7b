package io.snowline.id;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** A coordinator in memory, with a clock, for tests of a generator. Safe for use by many threads. */
final class MemoryStore implements NodeCoordinator {

    private final Map<String, Stored<NamespaceRecord>> namespaces = new HashMap<>();
    private final Map<String, Map<Integer, Stored<NodeRecord>>> nodes = new HashMap<>();
    private LongSupplier clock;
    private boolean up = true;

    MemoryStore(LongSupplier clock) {
        this.clock = clock;
    }

    synchronized void up(boolean isUp) {
        up = isUp;
    }

    synchronized void clock(LongSupplier other) {
        clock = other;
    }

    synchronized Stored<NodeRecord> node(String namespace, int node) {
        Stored<NodeRecord> stored = nodes(namespace).get(node);
        if (stored == null) {
            throw new AssertionError("no record of node id " + node);
        }
        return stored;
    }

    synchronized void overwrite(String namespace, int node, UnaryOperator<NodeRecord> change) {
        nodes(namespace)
                .compute(
                        node,
                        (key, old) ->
                                new Stored<>(change.apply(node(namespace, node).record()), 0));
    }

    private Map<Integer, Stored<NodeRecord>> nodes(String namespace) {
        return nodes.computeIfAbsent(namespace, key -> new HashMap<>());
    }

    @Override
    public synchronized StoreView read(String namespace) {
        requireUp();
        return view(namespace, nodes(namespace));
    }

    @Override
    public synchronized Replaced replace(String namespace, Replacement step) {
        requireUp();
        boolean applied = step.expected().equals(Optional.ofNullable(namespaces.get(namespace)))
                && step.node()
                        .map(change -> change.expected()
                                .equals(Optional.ofNullable(
                                        nodes(namespace).get(change.next().node()))))
                        .orElse(true);
        if (applied) {
            step.namespace().ifPresent(record -> namespaces.put(namespace, new Stored<>(record, 0)));
            step.node().ifPresent(change -> nodes(namespace).put(change.next().node(), new Stored<>(change.next(), 0)));
        }
        Map<Integer, Stored<NodeRecord>> concerned = new HashMap<>(nodes(namespace));
        concerned
                .keySet()
                .retainAll(
                        step.node().stream().map(change -> change.next().node()).toList());
        return new Replaced(applied, view(namespace, concerned));
    }

    private StoreView view(String namespace, Map<Integer, Stored<NodeRecord>> some) {
        return new StoreView(
                Optional.ofNullable(namespaces.get(namespace)),
                some,
                "memory",
                Optional.of(Instant.ofEpochMilli(clock.getAsLong())));
    }

    private void requireUp() {
        if (!up) {
            throw new CoordinatorUnavailableException("the store is down");
        }
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        throw new UnsupportedOperationException("leased mode needs no lock");
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        return Optional.empty();
    }

    @Override
    public void close() {
        // nothing is open
    }
}
