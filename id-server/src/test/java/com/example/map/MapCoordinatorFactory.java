package com.example.map;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeCoordinatorFactory;

/** The factory of coordinators over a map in this process' memory: {@code type: map}. */
public final class MapCoordinatorFactory implements NodeCoordinatorFactory {

    private String map = "default";

    @Override
    public String type() {
        return "map";
    }

    /** Sets the map's name; coordinators that name the same map share its namespaces. */
    public void setMap(String map) {
        if (map.isBlank()) {
            throw new IllegalArgumentException("map must have a name");
        }
        this.map = map;
    }

    @Override
    public NodeCoordinator open() {
        return new MapCoordinator(SharedMap.named(map));
    }
}
