package io.snowline.server.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A proxy in front of a TCP server that can disturb connections: bytes are late or stuck, connections break, or replies
 * are lost although the request has arrived.
 *
 * <p>Thread-safe.
 */
final class Proxy implements AutoCloseable {

    private static final int CONNECT_MILLIS = 2000;

    private enum Wire {
        CLEAR,
        DELAYED,
        STUCK,
        REPLIES_LOST,
        CUT
    }

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicLong lostReplies = new AtomicLong();
    private final Object change = new Object();

    private volatile Wire wire = Wire.CLEAR; // written while holding `change`
    private volatile Duration delay = Duration.ZERO;
    private volatile InetSocketAddress target;

    private Proxy(InetSocketAddress target) throws IOException {
        this.target = target;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** Opens a proxy for a server, on a free port of 127.0.0.1. */
    static Proxy to(String host, int port) {
        try {
            Proxy proxy = new Proxy(new InetSocketAddress(host, port));
            proxy.threads.execute(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Delays everything, in both directions. */
    void delay(Duration by) {
        delay = by;
        set(Wire.DELAYED);
    }

    /**
     * Lets nothing through, as a network that drops packets does; when the way is clear again, everything comes through
     * late.
     */
    void stick() {
        set(Wire.STUCK);
    }

    /**
     * Lets requests through and loses replies. Connections that lost a reply are unusable, and break when the way is
     * clear again.
     */
    void loseReplies() {
        set(Wire.REPLIES_LOST);
    }

    /** Breaks all connections, and every new one. */
    void cut() {
        set(Wire.CUT);
        links.forEach(Link::close);
    }

    /** Lets everything through again. */
    void clear() {
        set(Wire.CLEAR);
        links.stream().filter(link -> link.over).forEach(Link::close);
    }

    /** Breaks all connections once, and leads new ones to another server. */
    void leadTo(String host, int port) {
        target = new InetSocketAddress(host, port);
        links.forEach(Link::close);
    }

    /** Returns how many pieces of replies were lost. */
    long lostReplies() {
        return lostReplies.get();
    }

    private void set(Wire state) {
        synchronized (change) {
            wire = state;
            change.notifyAll();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                threads.execute(() -> connect(client));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        Link link = new Link(client, server);
        links.add(link); // before the state is read, so that cut() sees it
        try {
            if (wire != Wire.CUT) {
                server.connect(target, CONNECT_MILLIS);
                threads.execute(() -> pump(link, client, server, false));
                pump(link, server, client, true);
            }
        } catch (IOException e) {
            link.over = true; // the server is down, so the connection fails as well
        } finally {
            link.close();
            links.remove(link);
        }
    }

    private void pump(Link link, Socket from, Socket to, boolean replies) {
        byte[] buffer = new byte[1 << 14];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int count = in.read(buffer);
            while (count > 0) {
                if (comesThrough(link, replies)) {
                    out.write(buffer, 0, count);
                }
                count = in.read(buffer);
            }
        } catch (IOException e) {
            link.over = true; // one end has closed it, or cut() has
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            link.close();
        }
    }

    private boolean comesThrough(Link link, boolean reply) throws InterruptedException {
        if (wire == Wire.DELAYED) {
            LockSupport.parkNanos(delay.toNanos());
        }
        synchronized (change) {
            while (wire == Wire.STUCK) {
                change.wait();
            }
            link.over |= reply && wire == Wire.REPLIES_LOST;
        }
        if (reply && link.over) {
            lostReplies.incrementAndGet();
        }
        return !(reply && link.over);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        links.forEach(Link::close);
        threads.shutdownNow();
    }

    /** A client's connection, and ours to the server. */
    private static final class Link {

        private final Socket client;
        private final Socket server;
        private volatile boolean over;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void close() {
            close(client);
            close(server);
        }

        static void close(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                System.out.println("closing " + socket + ": " + e);
            }
        }
    }
}
