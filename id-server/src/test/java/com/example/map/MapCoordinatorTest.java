package com.example.map;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeCoordinatorFactory;
import io.snowline.coordination.tck.Feature;
import io.snowline.coordination.tck.NodeCoordinatorContract;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The contract kit on a coordinator that is found by ServiceLoader; each of its tests has a map of its own. */
@Execution(ExecutionMode.CONCURRENT)
class MapCoordinatorTest extends NodeCoordinatorContract {

    private final String name = UUID.randomUUID().toString();
    private final SharedMap map = SharedMap.named(name);

    @Override
    protected NodeCoordinator open() {
        MapCoordinatorFactory factory = ServiceLoader.load(NodeCoordinatorFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(found -> found.type().equals("map"))
                .map(MapCoordinatorFactory.class::cast)
                .findFirst()
                .orElseThrow();
        factory.setMap(name);
        return factory.open();
    }

    @Override
    protected NodeCoordinator openHeld(Runnable beforeEachRequest) {
        return new MapCoordinator(map, beforeEachRequest);
    }

    @Override
    protected Set<Feature> features() {
        return Set.of(Feature.TRACE);
    }

    @Override
    protected void stop() {
        setAway(true);
    }

    @Override
    protected void start() {
        setAway(false);
    }

    private void setAway(boolean away) {
        synchronized (map) {
            map.away = away;
        }
    }

    @Override
    protected void deleteNamespace(String namespace) {
        synchronized (map) {
            map.texts.keySet().removeIf(key -> key.startsWith(namespace + "/"));
        }
    }

    @Override
    protected Supplier<String> spoilNamespaceRecord(String namespace) {
        return spoil(MapCoordinator.recordKey(namespace));
    }

    @Override
    protected Supplier<String> spoilNodeRecord(String namespace, int node) {
        return spoil(MapCoordinator.nodeKey(namespace, node));
    }

    private Supplier<String> spoil(String key) {
        synchronized (map) {
            map.texts.put(key, "not a record");
        }
        return () -> {
            synchronized (map) {
                return map.texts.get(key);
            }
        };
    }
}
