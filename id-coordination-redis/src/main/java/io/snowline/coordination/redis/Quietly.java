package io.snowline.coordination.redis;

import redis.clients.jedis.exceptions.JedisException;

/** Closes things that are no longer needed and may be broken. */
final class Quietly {

    private static final System.Logger LOG = System.getLogger(Quietly.class.getName());

    private Quietly() {}

    static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (JedisException e) {
            LOG.log(System.Logger.Level.DEBUG, "a connection to Redis was broken when it was closed", e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
