package io.snowline.coordination.redis;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/**
 * A connection that can be looked at before it is used: servers ({@code timeout}) and load balancers close those that
 * rest, and a step that is sent on such a connection has an unknown outcome. Used by one thread at a time.
 */
final class RedisConnection extends Connection {

    private static final int MOMENT_MILLIS = 1;

    private final Sockets sockets;

    private RedisConnection(Sockets sockets, JedisClientConfig config) {
        super(sockets, config);
        this.sockets = sockets;
    }

    static RedisConnection open(HostAndPort address, JedisClientConfig config) {
        return new RedisConnection(new Sockets(address, config), config);
    }

    /**
     * Tells whether the other end has closed this connection, which must be at rest. Sends nothing: a PING would need
     * one more permission. Takes a millisecond if it is open.
     */
    boolean isClosedByPeer() {
        Socket socket = sockets.latest;
        if (socket == null || socket.isClosed()) {
            return true;
        }
        try {
            int before = socket.getSoTimeout();
            socket.setSoTimeout(MOMENT_MILLIS);
            try {
                var unused = socket.getInputStream().read();
                return true; // it has ended; and what arrives unasked would be taken for the next reply
            } catch (SocketTimeoutException e) {
                return false;
            } finally {
                socket.setSoTimeout(before);
            }
        } catch (IOException e) {
            return true;
        }
    }

    /** Remembers the socket, which Jedis does not show. */
    private static final class Sockets extends DefaultJedisSocketFactory {

        @Nullable
        Socket latest;

        Sockets(HostAndPort address, JedisClientConfig config) {
            super(address, config);
        }

        @Override
        public Socket createSocket() {
            Socket socket = super.createSocket();
            latest = socket;
            return socket;
        }
    }
}
