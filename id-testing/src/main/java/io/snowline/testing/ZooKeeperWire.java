package io.snowline.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.ZooDefs;

/**
 * A proxy in front of a ZooKeeper server.
 *
 * <p>Thread-safe.
 */
public final class ZooKeeperWire extends Wire {

    private static final int SESSION_ID_IN_CONNECT_REQUEST = 4 + 8 + 4;
    private static final int TYPE_IN_REQUEST = 4;
    private static final int TRANSACTION = ZooDefs.OpCode.multi;
    private static final int HEARTBEAT = ZooDefs.OpCode.ping;
    private static final int LONGEST_PACKET = 1 << 20;

    private final Runnable beforeEachRequest;
    private final AtomicInteger newSessions = new AtomicInteger();
    private volatile boolean trap;

    private ZooKeeperWire(ZooKeeperServer server, Runnable beforeEachRequest) {
        super("127.0.0.1", server.port());
        this.beforeEachRequest = beforeEachRequest;
    }

    /** Listens on a port of its own for clients of a server. */
    public static ZooKeeperWire to(ZooKeeperServer server) {
        return to(server, () -> {});
    }

    /**
     * Listens on a port of its own for clients of a server.
     *
     * @param beforeEachRequest run before a request is passed on, unless it is a heartbeat; the request waits for it,
     *     as does everything else on its connection
     */
    public static ZooKeeperWire to(ZooKeeperServer server, Runnable beforeEachRequest) {
        ZooKeeperWire wire = new ZooKeeperWire(server, beforeEachRequest);
        wire.open();
        return wire;
    }

    /** Passes the next transaction, and loses the reply to it and everything after it. */
    public void loseReplyToTransaction() {
        trap = true;
    }

    /** Passes everything again, on new connections; packets that were lost stay lost. */
    public void mend() {
        trap = false;
        loseReplies(false);
        find();
        cut();
    }

    /** Returns how often a client asked for a new session instead of resuming its own. */
    public int newSessions() {
        return newSessions.get();
    }

    @Override
    Pieces requests() {
        return new Packets();
    }

    private void noteSession(byte[] connectRequest) {
        if (ByteBuffer.wrap(connectRequest).getLong(SESSION_ID_IN_CONNECT_REQUEST) == 0) {
            newSessions.incrementAndGet();
        }
    }

    private void awaitPass(byte[] request) {
        int type = ByteBuffer.wrap(request).getInt(TYPE_IN_REQUEST);
        if (type != HEARTBEAT) {
            beforeEachRequest.run();
        }
        if (trap && type == TRANSACTION) {
            loseReplies(true);
        }
    }

    /** The packets of a connection, each after its length. The first one is no request. */
    private final class Packets implements Pieces {

        private boolean begun;

        @Override
        public byte[] next(InputStream in) throws IOException {
            DataInputStream data = new DataInputStream(in);
            byte[] packet = new byte[checked(data.readInt())];
            data.readFully(packet);
            if (begun) {
                awaitPass(packet);
            } else {
                begun = true;
                noteSession(packet);
            }
            return ByteBuffer.allocate(Integer.BYTES + packet.length)
                    .putInt(packet.length)
                    .put(packet)
                    .array();
        }

        private static int checked(int length) throws IOException {
            if (length < 0 || length > LONGEST_PACKET) {
                throw new IOException("no packet of ZooKeeper has length " + length);
            }
            return length;
        }
    }
}
