package io.snowline.coordination.redis;

import io.snowline.coordination.redis.testing.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A proxy in front of a server that can delay requests and lose replies: requests arrive, and nothing comes back. */
final class ReplyThief implements AutoCloseable {

    private final RedisServer server;
    private final Runnable beforeEachRequest;
    private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean stealing;

    ReplyThief(RedisServer server) throws IOException {
        this(server, () -> {});
    }

    /**
     * @param beforeEachRequest run before a request is passed on; the request waits for it
     */
    ReplyThief(RedisServer server, Runnable beforeEachRequest) throws IOException {
        this.server = server;
        this.beforeEachRequest = beforeEachRequest;
        start(this::accept);
    }

    String uri() {
        return "redis://127.0.0.1:" + listener.getLocalPort();
    }

    void steal(boolean replies) {
        stealing = replies;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = keep(listener.accept());
            Socket backend = keep(new Socket(server.host(), server.port()));
            start(() -> copy(client.getInputStream(), backend.getOutputStream(), false));
            start(() -> copy(backend.getInputStream(), client.getOutputStream(), true));
        }
    }

    private Socket keep(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private void copy(InputStream from, OutputStream to, boolean replies) throws IOException {
        byte[] buffer = new byte[8192];
        for (int length = from.read(buffer); length > 0; length = from.read(buffer)) {
            if (!replies) {
                beforeEachRequest.run();
            }
            if (!(replies && stealing)) {
                to.write(buffer, 0, length);
            }
        }
    }

    private void start(Transfer transfer) {
        Thread thread = new Thread(
                () -> {
                    try {
                        transfer.run();
                    } catch (IOException e) {
                        stealing = false; // one end has closed, so this connection is over
                    }
                },
                "reply-thief");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private interface Transfer {
        void run() throws IOException;
    }
}
