package io.snowline.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A proxy in front of a server that can delay requests, lose replies, and lose or cut connections.
 *
 * <p>Thread-safe.
 */
public abstract class Wire implements AutoCloseable {

    private final String serverHost;
    private final int serverPort;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<AtomicBoolean> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean losingReplies;
    private boolean losing;

    /** Makes a proxy that does not accept connections yet. */
    Wire(String serverHost, int serverPort) {
        this.serverHost = serverHost;
        this.serverPort = serverPort;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Listens on a port of its own for clients of a server. */
    public static Wire to(String serverHost, int serverPort) {
        return to(serverHost, serverPort, () -> {});
    }

    /**
     * Listens on a port of its own for clients of a server that are answered before they send their next request.
     *
     * @param beforeEachRequest run before a request is passed on; the request waits for it
     */
    public static Wire to(String serverHost, int serverPort, Runnable beforeEachRequest) {
        Pieces requests = in -> {
            byte[] request = chunk(in);
            if (request.length > 0) {
                beforeEachRequest.run();
            }
            return request;
        };
        return of(serverHost, serverPort, () -> requests);
    }

    /**
     * Listens on a port of its own for clients of a server that speaks HTTP/2.
     *
     * @param beforeEachRequest run before a request is passed on; the request waits for it, as does everything else on
     *     its connection
     */
    public static Wire toHttp2(String serverHost, int serverPort, Runnable beforeEachRequest) {
        return of(serverHost, serverPort, () -> new Frames(beforeEachRequest));
    }

    private static Wire of(String serverHost, int serverPort, Supplier<Pieces> requests) {
        Wire wire = new Wire(serverHost, serverPort) {
            @Override
            Pieces requests() {
                return requests.get();
            }
        };
        wire.open();
        return wire;
    }

    /** Starts to accept connections. */
    final void open() {
        start(this::accept);
    }

    /** Returns what divides the requests of a connection. */
    abstract Pieces requests();

    /** Returns {@code host:port}, for clients. */
    public final String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** Loses all replies, or passes them on again. */
    public final void loseReplies(boolean lost) {
        losingReplies = lost;
    }

    /**
     * Loses connections without closing them, as a broken network does: those that are open, and those that are opened
     * until {@link #find} is called. Each of them stays lost.
     */
    public final synchronized void lose() {
        losing = true;
        connections.forEach(lost -> lost.set(true));
    }

    /** Passes on everything that is sent on connections opened from now on. */
    public final synchronized void find() {
        losing = false;
    }

    /** Closes every connection. */
    public final void cut() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Returns how many connections are open. */
    public final int connections() {
        return connections.size();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            try {
                connect(client, new Socket(serverHost, serverPort));
            } catch (IOException e) {
                client.close(); // the server is down
            }
        }
    }

    private void connect(Socket client, Socket server) throws IOException {
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(server);
        AtomicBoolean lost = connection();
        start(() -> copy(client, server, requests(), () -> !lost.get(), lost));
        start(() -> copy(server, client, Wire::chunk, () -> !lost.get() && !losingReplies, lost));
    }

    private synchronized AtomicBoolean connection() {
        AtomicBoolean lost = new AtomicBoolean(losing);
        connections.add(lost);
        return lost;
    }

    private void copy(Socket from, Socket to, Pieces pieces, BooleanSupplier passes, AtomicBoolean connection)
            throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (byte[] piece = pieces.next(in); piece.length > 0; piece = pieces.next(in)) {
                if (passes.getAsBoolean()) {
                    out.write(piece);
                }
            }
        } finally {
            sockets.remove(from);
            sockets.remove(to);
            connections.remove(connection);
        }
    }

    private static byte[] chunk(InputStream in) throws IOException {
        byte[] buffer = new byte[8192];
        return Arrays.copyOf(buffer, Math.max(0, in.read(buffer)));
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

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private interface Transfer {
        void run() throws IOException;
    }

    /** Divides what arrives on a connection. Used by one thread. */
    interface Pieces {

        /** Waits for the next piece, and returns it when it may be passed on; none is left if it is empty. */
        byte[] next(InputStream in) throws IOException;
    }

    /** The frames of HTTP/2 (RFC 9113), after the preface that a client sends first (section 3.4). */
    private static final class Frames implements Pieces {

        private static final int PREFACE = 24;

        /** The length in 3 bytes, the type in 1, and 5 more. */
        private static final int HEADER = 9;

        private static final int TYPE_IN_HEADER = 3;

        /** The type of the frame that begins a request. */
        private static final int HEADERS = 1;

        private final Runnable beforeEachRequest;
        private boolean begun;

        Frames(Runnable beforeEachRequest) {
            this.beforeEachRequest = beforeEachRequest;
        }

        @Override
        public byte[] next(InputStream in) throws IOException {
            if (!begun) {
                begun = true;
                return in.readNBytes(PREFACE);
            }
            byte[] header = in.readNBytes(HEADER);
            if (header.length < HEADER) {
                return new byte[0];
            }
            if (header[TYPE_IN_HEADER] == HEADERS) {
                beforeEachRequest.run();
            }
            byte[] payload = in.readNBytes(ByteBuffer.wrap(header).getInt() >>> Byte.SIZE);
            return ByteBuffer.allocate(HEADER + payload.length)
                    .put(header)
                    .put(payload)
                    .array();
        }
    }
}
