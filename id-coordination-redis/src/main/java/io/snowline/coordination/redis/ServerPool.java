package io.snowline.coordination.redis;

import java.time.Duration;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/** The connections to one server. A connection that was closed while it rested is replaced before it is used. */
final class ServerPool {

    private static final Duration REST = Duration.ofSeconds(30);

    private ServerPool() {}

    /**
     * Makes a pool, which connects on first use.
     *
     * @param maxIdle how many connections to keep; the backend limits how many there are in all
     */
    static ConnectionPool of(HostAndPort address, JedisClientConfig client, int maxIdle) {
        ConnectionPoolConfig config = new ConnectionPoolConfig();
        config.setMaxTotal(-1);
        config.setMaxIdle(maxIdle);
        config.setTestOnBorrow(true);
        config.setTestWhileIdle(false);
        config.setMinEvictableIdleDuration(REST);
        config.setTimeBetweenEvictionRuns(REST);
        config.setJmxEnabled(false);
        return new ConnectionPool(new Factory(address, client), config);
    }

    private static final class Factory extends BasePooledObjectFactory<Connection> {

        /** No server closes connections that rest for less. */
        private static final Duration BRIEF = Duration.ofMillis(500);

        private final HostAndPort address;
        private final JedisClientConfig client;

        Factory(HostAndPort address, JedisClientConfig client) {
            this.address = address;
            this.client = client;
        }

        @Override
        public Connection create() {
            return RedisConnection.open(address, client);
        }

        @Override
        public PooledObject<Connection> wrap(Connection connection) {
            return new DefaultPooledObject<>(connection);
        }

        @Override
        public boolean validateObject(PooledObject<Connection> pooled) {
            Connection connection = pooled.getObject();
            return connection.isConnected()
                    && (pooled.getIdleDuration().compareTo(BRIEF) < 0
                            || !((RedisConnection) connection).isClosedByPeer());
        }

        @Override
        public void destroyObject(PooledObject<Connection> pooled) {
            RedisBackend.closeQuietly(pooled.getObject());
        }
    }
}
