package io.snowline.coordination.zookeeper.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.ZooDefs;

/** A proxy that passes packets between clients and one server, and disturbs them when told to. */
public final class Wire implements AutoCloseable {

    private static final int SESSION_ID_IN_CONNECT_REQUEST = 4 + 8 + 4;
    private static final int TYPE_IN_REQUEST = 4;
    private static final int TRANSACTION = ZooDefs.OpCode.multi;
    private static final int HEARTBEAT = ZooDefs.OpCode.ping;
    private static final int LONGEST_PACKET = 1 << 20;

    private final int serverPort;
    private final Runnable beforeEachRequest;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<AtomicBoolean> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger newSessions = new AtomicInteger();
    private volatile boolean silent;
    private volatile boolean trap;
    private volatile boolean swallowing;
    private boolean losing;

    private Wire(int serverPort, Runnable beforeEachRequest) throws IOException {
        this.serverPort = serverPort;
        this.beforeEachRequest = beforeEachRequest;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** Listens on a port of its own for clients of a server. */
    public static Wire to(ZooKeeperServer server) {
        return to(server, () -> {});
    }

    /**
     * Listens on a port of its own for clients of a server.
     *
     * @param beforeEachRequest run before a request is passed on, unless it is a heartbeat; the request waits for it,
     *     as does everything else on its connection
     */
    public static Wire to(ZooKeeperServer server, Runnable beforeEachRequest) {
        try {
            Wire wire = new Wire(server.port(), beforeEachRequest);
            start(wire::accept);
            return wire;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public String connectString() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** Silently loses everything that is sent in either direction; connections stay open. */
    public void silence() {
        silent = true;
    }

    /** Passes the next transaction, and loses the reply to it and everything after it. */
    public void loseReplyToTransaction() {
        trap = true;
    }

    /**
     * Loses connections without closing them, as a broken network does: those that are open, and those that are opened
     * until {@link #find} is called. Each of them stays lost.
     */
    public synchronized void lose() {
        losing = true;
        connections.forEach(lost -> lost.set(true));
    }

    /** Passes on everything that is sent on connections opened from now on. */
    public synchronized void find() {
        losing = false;
    }

    /** Passes everything again, on new connections; packets that were lost stay lost. */
    public void mend() {
        silent = false;
        trap = false;
        swallowing = false;
        cut();
    }

    /** Closes every connection. */
    public void cut() {
        for (Socket socket : sockets) {
            close(socket);
        }
    }

    /** Returns how many connections are open. */
    public int connections() {
        return connections.size();
    }

    /** Returns how often a client asked for a new session instead of resuming its own. */
    public int newSessions() {
        return newSessions.get();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(server);
            AtomicBoolean lost = connection();
            start(() -> copy(client, server, true, lost));
            start(() -> copy(server, client, false, lost));
        }
    }

    private synchronized AtomicBoolean connection() {
        AtomicBoolean lost = new AtomicBoolean(losing);
        connections.add(lost);
        return lost;
    }

    private void copy(Socket from, Socket to, boolean requests, AtomicBoolean lost) throws IOException {
        try (from;
                to) {
            DataInputStream in = new DataInputStream(from.getInputStream());
            OutputStream out = to.getOutputStream();
            boolean first = requests;
            while (true) {
                byte[] packet = new byte[checked(in.readInt())];
                in.readFully(packet);
                if (first) {
                    noteSession(packet);
                    first = false;
                } else if (requests) {
                    awaitPass(packet);
                }
                if (!silent && !lost.get() && (requests || !swallowing)) {
                    out.write(ByteBuffer.allocate(4 + packet.length)
                            .putInt(packet.length)
                            .put(packet)
                            .array());
                }
            }
        } finally {
            sockets.remove(from);
            sockets.remove(to);
            connections.remove(lost);
        }
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
            swallowing = true;
        }
    }

    private static int checked(int length) throws IOException {
        if (length < 0 || length > LONGEST_PACKET) {
            throw new IOException("no packet of ZooKeeper has length " + length);
        }
        return length;
    }

    private static void start(Transfer transfer) {
        Thread thread = new Thread(() -> ended(transfer), "wire");
        thread.setDaemon(true);
        thread.start();
    }

    /** Runs until one of the two ends closes, as it does at the end of each transfer. */
    private static boolean ended(Transfer transfer) {
        try {
            transfer.run();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        cut();
        try {
            listener.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Transfer {
        void run() throws IOException;
    }
}
