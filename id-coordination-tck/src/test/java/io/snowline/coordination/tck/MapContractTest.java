package io.snowline.coordination.tck;

import io.snowline.coordination.NodeCoordinator;

class MapContractTest extends MapContract {

    @Override
    NodeCoordinator open(MapStore store) {
        return new MapCoordinator(store);
    }
}
