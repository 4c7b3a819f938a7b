package io.snowline.coordination.redis;

import redis.clients.jedis.exceptions.JedisException;

/** How the masters are found. {@code toString} names them for people. Safe for use by many threads. */
interface Topology extends AutoCloseable {

    /**
     * Finds the masters.
     *
     * @throws JedisException if that fails
     */
    MasterConnections find();

    /** Tells whether the masters found last are still to be used, as far as is known without a failure. */
    default boolean upToDate() {
        return true;
    }

    /** Takes note that a master failed, or said that it is none. */
    default void suspect() {}

    /** Frees what finding the masters needs; the connections to them are closed on their own. */
    @Override
    default void close() {}
}
