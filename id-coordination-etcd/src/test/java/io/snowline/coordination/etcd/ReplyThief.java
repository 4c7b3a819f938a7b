package io.snowline.coordination.etcd;

import io.snowline.coordination.etcd.testing.EtcdServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** A proxy in front of a server that can delay requests, lose replies and cut connections. */
final class ReplyThief implements AutoCloseable {

    /** What a client sends first (RFC 9113, 3.4). Frames follow: the length in 3 bytes, the type in 1, and 5 more. */
    private static final int PREFACE = 24;

    private static final int FRAME_HEADER = 9;
    private static final int TYPE_IN_FRAME_HEADER = 3;

    /** The frame that begins a request. */
    private static final int HEADERS = 1;

    private final EtcdServer server;
    private final Optional<Runnable> beforeEachRequest;
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<AtomicBoolean> lines = ConcurrentHashMap.newKeySet();
    private volatile boolean stealing;
    private boolean losing;

    ReplyThief(EtcdServer server) throws IOException {
        this(server, Optional.empty());
    }

    /**
     * @param beforeEachRequest run before a request is passed on; the request waits for it, as does everything else on
     *     its connection
     */
    ReplyThief(EtcdServer server, Runnable beforeEachRequest) throws IOException {
        this(server, Optional.of(beforeEachRequest));
    }

    private ReplyThief(EtcdServer server, Optional<Runnable> beforeEachRequest) throws IOException {
        this.server = server;
        this.beforeEachRequest = beforeEachRequest;
        start(this::accept);
    }

    String endpoint() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    void steal(boolean replies) {
        stealing = replies;
    }

    /** Cuts every connection that is open. */
    void cut() throws IOException {
        for (Socket socket : List.copyOf(sockets)) {
            socket.close();
            sockets.remove(socket);
        }
    }

    /**
     * Loses connections without closing them, as a broken network does: those that are open, and those that are opened
     * until {@link #find} is called. Each of them stays lost.
     */
    synchronized void lose() {
        losing = true;
        lines.forEach(lost -> lost.set(true));
    }

    /** Passes on everything that is sent on connections opened from now on. */
    synchronized void find() {
        losing = false;
    }

    private synchronized AtomicBoolean line() {
        AtomicBoolean lost = new AtomicBoolean(losing);
        lines.add(lost);
        return lost;
    }

    /** Returns how many connections are open, each with a socket on either side. */
    int connections() {
        sockets.removeIf(Socket::isClosed);
        return sockets.size() / 2;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = keep(listener.accept());
            Socket backend = keep(new Socket(server.host(), server.port()));
            AtomicBoolean lost = line();
            start(() -> {
                if (beforeEachRequest.isPresent()) {
                    copyFrames(client, backend, beforeEachRequest.get());
                } else {
                    copy(client, backend, false, lost);
                }
            });
            start(() -> copy(backend, client, true, lost));
        }
    }

    private Socket keep(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private void copy(Socket from, Socket to, boolean replies, AtomicBoolean lost) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                if (!(replies && stealing) && !lost.get()) {
                    out.write(buffer, 0, length);
                }
            }
        }
    }

    private static void copyFrames(Socket from, Socket to, Runnable before) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            out.write(in.readNBytes(PREFACE));
            while (true) {
                byte[] header = in.readNBytes(FRAME_HEADER);
                if (header.length < FRAME_HEADER) {
                    return;
                }
                if (header[TYPE_IN_FRAME_HEADER] == HEADERS) {
                    before.run();
                }
                out.write(header);
                out.write(in.readNBytes(ByteBuffer.wrap(header).getInt() >>> Byte.SIZE));
            }
        }
    }

    private void start(Transfer transfer) {
        Thread thread = new Thread(
                () -> {
                    try {
                        transfer.run();
                    } catch (IOException e) {
                        sockets.removeIf(Socket::isClosed); // one end has closed, so this connection is over
                    }
                },
                "reply-thief");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }

    private interface Transfer {
        void run() throws IOException;
    }
}
