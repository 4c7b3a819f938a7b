package io.snowline.jmh;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.snowline.id.IdLayout;
import io.snowline.id.IdRange;
import io.snowline.id.SnowflakeGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The smallest server on the loopback interface that answers what clients ask: ranges of namespace {@code jmh}, single IDs,
 * and TinyID's segments. It is in this process, so what it costs is charged to the client.
 */
final class RangeServer implements AutoCloseable {

    static {
        // Read once, by the server's first class: without it, a body waits up to 40 ms until its headers are
        // acknowledged.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final Duration MAX_WAIT = Duration.ofMillis(100);
    private static final long GOOD_FOR_MILLIS = 1_000;

    private final SnowflakeGenerator generator = Generators.wide();
    private final AtomicLong segment = new AtomicLong();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "range-server");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpServer http;

    RangeServer() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/v1/jmh/range", exchange -> answer(exchange, range(exchange)));
        http.createContext("/v1/jmh/id", exchange -> answer(exchange, text(generator.nextId())));
        http.createContext("/segment", exchange -> answer(exchange, text(segment.getAndAdd(SegmentId.STEP))));
        http.start();
    }

    private byte[] range(HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        int count = Integer.parseInt(query.substring("count=".length()));
        return form(generator.nextRange(count, MAX_WAIT));
    }

    private static byte[] form(IdRange range) {
        IdLayout layout = range.layout();
        byte[] name = "jmh".getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(48 + name.length)
                .putLong(range.first())
                .putLong(range.position())
                .putInt(range.count())
                .putInt(range.node())
                .put((byte) layout.timestampBits())
                .put((byte) layout.nodeBits())
                .put((byte) layout.sequenceBits())
                .put((byte) name.length)
                .putInt((int) layout.tick().toMillis())
                .putLong(layout.epoch().toEpochMilli())
                .putLong(GOOD_FOR_MILLIS)
                .put(name)
                .array();
    }

    private static byte[] text(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
        generator.close();
    }
}
