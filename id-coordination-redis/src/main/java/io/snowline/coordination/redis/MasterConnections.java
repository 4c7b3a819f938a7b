package io.snowline.coordination.redis;

import java.util.Collection;
import java.util.List;
import redis.clients.jedis.Connection;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.util.JedisClusterCRC16;
import redis.clients.jedis.util.Pool;

/**
 * Connection pools for the master or masters, as they were when this was made. Thread-safe.
 *
 * <p>Steps borrow a connection and use it directly: a client's own commands may be retried after a failure, and two of
 * them may use two connections, whereas {@code WAIT} answers for the connection that wrote.
 */
interface MasterConnections extends AutoCloseable {

    /** Borrows a connection to the master that owns a key; closing the connection returns it to the pool. */
    Connection borrow(String key);

    /** Returns a pool for each master. */
    Collection<? extends Pool<Connection>> masters();

    @Override
    void close();

    /** Makes one for a single master. Nothing connects before the first step. */
    static MasterConnections of(RedisClient client) {
        return new MasterConnections() {
            @Override
            public Connection borrow(String key) {
                return client.getPool().getResource();
            }

            @Override
            public Collection<? extends Pool<Connection>> masters() {
                return List.of(client.getPool());
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    /** Returns a view that leaves the pools open when it is closed, and drops their idle connections. */
    static MasterConnections withoutClosing(MasterConnections connections) {
        return new MasterConnections() {
            @Override
            public Connection borrow(String key) {
                return connections.borrow(key);
            }

            @Override
            public Collection<? extends Pool<Connection>> masters() {
                return connections.masters();
            }

            @Override
            public void close() {
                masters().forEach(Pool::clear);
            }
        };
    }

    /** Makes one for the masters of a Cluster. */
    static MasterConnections of(ClusterConnectionProvider cluster) {
        return new MasterConnections() {
            @Override
            public Connection borrow(String key) {
                return cluster.getConnectionFromSlot(JedisClusterCRC16.getSlot(key));
            }

            @Override
            public Collection<? extends Pool<Connection>> masters() {
                return cluster.getPrimaryNodes().values();
            }

            @Override
            public void close() {
                cluster.close();
            }
        };
    }
}
