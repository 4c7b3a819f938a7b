package io.snowline.coordination.redis;

import io.snowline.coordination.CoordinatorUnavailableException;
import java.util.Collection;
import java.util.List;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.util.Pool;

/**
 * Connection pools for the master or masters, as they were when this was made. Thread-safe.
 *
 * <p>Steps borrow a connection and use it directly: a client's own commands may be retried after a failure, and two of
 * them may use two connections, whereas {@code WAIT} answers for the connection that wrote.
 */
interface MasterConnections extends AutoCloseable {

    /**
     * Returns the master that owns a key.
     *
     * @throws CoordinatorUnavailableException if there is none
     */
    Master owner(String key);

    /**
     * Returns the master that a key is being moved to.
     *
     * @param announced its address, as the master said that the key is being moved from; without a host if that is the
     *     same
     * @throws CoordinatorUnavailableException if keys cannot be moved here
     */
    Master importer(Master from, HostAndPort announced);

    Collection<Master> masters();

    @Override
    void close();

    /**
     * A master, and the connections to it. Nothing connects before the first step.
     *
     * @param peer its name in messages
     * @param address where it is reached
     */
    record Master(Peer peer, HostAndPort address, Pool<Connection> pool) {

        /** Returns a view of the only master there is, which closes its pool. */
        MasterConnections alone() {
            return alone(pool::close);
        }

        /** Returns a view of the only master there is, which leaves the pool open, and drops its idle connections. */
        MasterConnections borrowed() {
            return alone(pool::clear);
        }

        private MasterConnections alone(Runnable closing) {
            Master master = this;
            return new MasterConnections() {
                @Override
                public Master owner(String key) {
                    return master;
                }

                @Override
                public Master importer(Master from, HostAndPort announced) {
                    throw new CoordinatorUnavailableException(
                            peer + " is a node of a Redis Cluster that is moving keys to " + RedisUri.text(announced)
                                    + "; only a coordinator with cluster.nodes can follow");
                }

                @Override
                public Collection<Master> masters() {
                    return List.of(master);
                }

                @Override
                public void close() {
                    closing.run();
                }
            };
        }
    }
}
