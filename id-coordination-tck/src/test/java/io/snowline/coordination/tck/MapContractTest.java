package io.snowline.coordination.tck;

class MapContractTest extends MapContract {

    @Override
    MapCoordinator open(MapStore store) {
        return new MapCoordinator(store);
    }
}
