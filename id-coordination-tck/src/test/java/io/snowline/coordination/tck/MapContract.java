package io.snowline.coordination.tck;

import io.snowline.coordination.NodeCoordinator;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The contract over a map; subclasses choose the coordinator that works on it. */
abstract class MapContract extends NodeCoordinatorContract {

    private final MapStore store = new MapStore();

    abstract MapCoordinator open(MapStore store);

    @Override
    protected final NodeCoordinator open() {
        return open(store);
    }

    @Override
    protected final NodeCoordinator openHeld(Runnable beforeEachRequest) {
        MapCoordinator coordinator = open(store);
        coordinator.beforeEachRequest = beforeEachRequest;
        return coordinator;
    }

    @Override
    protected Set<Feature> features() {
        return EnumSet.allOf(Feature.class);
    }

    @Override
    protected final void stop() {
        store.stop();
    }

    @Override
    protected final void start() {
        store.start();
    }

    @Override
    protected final void deleteNamespace(String namespace) {
        store.delete(namespace);
    }

    @Override
    protected final Supplier<String> spoilNamespaceRecord(String namespace) {
        return spoil(MapCoordinator.namespaceKey(namespace));
    }

    @Override
    protected final Supplier<String> spoilNodeRecord(String namespace, int node) {
        return spoil(MapCoordinator.nodeKey(namespace, node));
    }

    private Supplier<String> spoil(String key) {
        store.records.put(key, "token=half of a rec");
        return () -> String.valueOf(store.records.get(key));
    }

    @Override
    protected final void elapse(Duration duration) {
        if (duration.compareTo(Duration.ofMillis(10)) < 0) {
            LockSupport.parkNanos(duration.toNanos());
        } else {
            store.elapse(duration);
        }
    }
}
