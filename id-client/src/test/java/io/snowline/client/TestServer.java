package io.snowline.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.snowline.id.IdLayout;
import io.snowline.id.IdRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ServerSocketFactory;

/**
 * A server over plain sockets that gives ranges of namespace {@code orders} on one node id, or does whatever a test tells it
 * to. Thread-safe.
 */
final class TestServer implements AutoCloseable {

    static final IdLayout LAYOUT = IdLayout.classic(IdLayout.DEFAULT_EPOCH);

    private static final Pattern COUNT = Pattern.compile("^POST /(\\S*/)?v1/orders/range\\?count=([0-9]+) HTTP/1.1");
    private static final Pattern TOKEN = Pattern.compile("(?i)\r\nAuthorization: Bearer (.*?)\r\n");

    private final int node;
    private final ServerSocketFactory sockets;
    private final int port;
    private final AtomicLong position;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile long goodForMillis = 60_000;
    private volatile Function<Request, Reply> script = this::range;
    private volatile ServerSocket socket;

    /** A server on the first node id, over cleartext. */
    TestServer() {
        this(0, ServerSocketFactory.getDefault());
    }

    TestServer(int node, ServerSocketFactory sockets) {
        this.node = node;
        this.sockets = sockets;
        position = new AtomicLong(1_000_000L * (node + 1));
        socket = listen(0);
        port = socket.getLocalPort();
    }

    /**
     * A request.
     *
     * @param head its line and headers
     * @param count how many positions it asks for; -1 if it is not a request for a range of {@code orders}
     * @param token the token, if it has one
     * @param nanos the monotonic clock when it was read
     */
    record Request(String head, int count, Optional<String> token, long nanos) {}

    /**
     * What the server does.
     *
     * @param octets what it sends
     * @param then what it does afterwards
     */
    @SuppressWarnings("ArrayRecordComponent") // replies are never compared
    record Reply(byte[] octets, Then then) {

        Reply then(Then other) {
            return new Reply(octets, other);
        }

        /** The same, but for the last octets. */
        Reply without(int last) {
            return new Reply(Arrays.copyOf(octets, octets.length - last), Then.CLOSE);
        }
    }

    /** What follows a reply. */
    enum Then {
        /** The next request of the connection. */
        READ,
        /** The end of the connection. */
        CLOSE,
        /** Nothing, for as long as the client keeps the connection open. */
        HANG
    }

    // ---- what it does ----

    /** Sets what the server does with each request. */
    TestServer answer(Function<Request, Reply> value) {
        script = value;
        return this;
    }

    TestServer goodForMillis(long value) {
        goodForMillis = value;
        return this;
    }

    /** The range that is next. */
    Reply range(Request request) {
        return range(new IdRange(LAYOUT, node, position.getAndAdd(request.count()), request.count()), "orders");
    }

    Reply range(IdRange range, String namespace) {
        return range(range, namespace, range.first());
    }

    Reply range(IdRange range, String namespace, long first) {
        IdLayout layout = range.layout();
        byte[] name = namespace.getBytes(US_ASCII);
        return ok(ByteBuffer.allocate(48 + name.length)
                .putLong(first)
                .putLong(range.position())
                .putInt(range.count())
                .putInt(range.node())
                .put((byte) layout.timestampBits())
                .put((byte) layout.nodeBits())
                .put((byte) layout.sequenceBits())
                .put((byte) name.length)
                .putInt((int) layout.tick().toMillis())
                .putLong(layout.epoch().toEpochMilli())
                .putLong(goodForMillis)
                .put(name)
                .array());
    }

    static Reply ok(byte[] body) {
        return reply("200 OK", "", body);
    }

    /** An error as our servers write it. */
    static Reply error(int code, String headers) {
        String body = "{\"code\":%d,\"message\":\"because of %d\"}".formatted(code, code);
        return reply(code + " Whatever", headers, body.getBytes(US_ASCII));
    }

    static Reply reply(String status, String headers, byte[] body) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.writeBytes("HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n"
                .formatted(status, headers, body.length)
                .getBytes(US_ASCII));
        octets.writeBytes(body);
        return new Reply(octets.toByteArray(), Then.READ);
    }

    // ---- what it saw ----

    String uri() {
        return "http://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    List<Request> requests() {
        return new ArrayList<>(requests);
    }

    int asked() {
        return requests.size();
    }

    // ---- connections ----

    private ServerSocket listen(int at) {
        try {
            ServerSocket listening = sockets.createServerSocket(at, 1_000, InetAddress.getLoopbackAddress());
            Thread accepting = new Thread(() -> accept(listening), "test-server");
            accepting.setDaemon(true);
            accepting.start();
            return listening;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket listening) {
        try {
            while (true) {
                Socket connection = listening.accept();
                open.add(connection);
                if (listening.isClosed()) {
                    connection.close(); // stop() may have missed it
                }
                Thread serving = new Thread(() -> serve(connection), "test-server-connection");
                serving.setDaemon(true);
                serving.start();
            }
        } catch (IOException e) {
            // stopped
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            Then then = Then.READ;
            while (then == Then.READ) {
                Optional<Request> request = read(connection.getInputStream());
                if (request.isEmpty()) {
                    return;
                }
                requests.add(request.get());
                Reply reply = script.apply(request.get());
                connection.getOutputStream().write(reply.octets());
                connection.getOutputStream().flush();
                then = reply.then();
            }
            if (then == Then.HANG) {
                var unused = connection.getInputStream().read(); // until the client gives up
            }
        } catch (IOException e) {
            // the client, or this server, has ended the connection
        } finally {
            open.remove(connection);
        }
    }

    private static Optional<Request> read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                return Optional.empty();
            }
            head.append((char) octet);
        }
        String text = head.toString();
        Matcher count = COUNT.matcher(text);
        Matcher token = TOKEN.matcher(text);
        return Optional.of(new Request(
                text,
                count.find() ? Integer.parseInt(count.group(2)) : -1,
                token.find() ? Optional.of(token.group(1)) : Optional.empty(),
                System.nanoTime()));
    }

    /** Refuses connections, and ends those that are open. */
    void stop() {
        try {
            socket.close();
            for (Socket connection : open) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Accepts connections again, on the same port. */
    void restart() {
        socket = listen(port);
    }

    @Override
    public void close() {
        stop();
    }
}
