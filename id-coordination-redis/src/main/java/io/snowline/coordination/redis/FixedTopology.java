package io.snowline.coordination.redis;

import java.util.function.Supplier;

/**
 * Masters that are always found in the same way: a single server, or the nodes of a Cluster.
 *
 * @param name the name in messages
 */
record FixedTopology(String name, Supplier<MasterConnections> connector) implements Topology {

    @Override
    public MasterConnections find() {
        return connector.get();
    }

    @Override
    public String toString() {
        return name;
    }
}
