package io.snowline.coordination.redis;

import java.util.List;
import redis.clients.jedis.HostAndPort;

/**
 * The {@code cluster} block: some nodes of a Redis Cluster, from which the others are learned. Not thread-safe.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>nodes</td><td>required</td><td>nodes, each {@code host:port}; the port defaults to 6379</td></tr>
 * </table>
 */
public final class ClusterSettings {

    private List<String> nodes = List.of();

    /**
     * Sets the nodes to ask.
     *
     * @throws IllegalArgumentException if there is none, or one is not {@code host:port}
     */
    public void setNodes(List<String> nodes) {
        RedisUri.addresses("cluster.nodes", nodes, RedisUri.DEFAULT_PORT);
        this.nodes = List.copyOf(nodes);
    }

    @Override
    public String toString() {
        return "{nodes=%s}".formatted(nodes);
    }

    List<HostAndPort> addresses() {
        return RedisUri.addresses("cluster.nodes", nodes, RedisUri.DEFAULT_PORT);
    }
}
