package io.snowline.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * An open-loop load generator: requests are due at fixed times, and an answer's latency counts from when its request
 * was due, not from when a connection was free for it. So a server that stalls is charged for every request that it
 * kept waiting (no "coordinated omission"). One thread polls without pausing, since a sleep would be longer than what
 * is measured.
 */
final class FixedRate implements AutoCloseable {

    private static final long LONGEST_TAIL_NANOS = 5_000_000_000L;

    private final Selector selector = Selector.open();
    private final ByteBuffer request;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Deque<Long> due = new ArrayDeque<>();
    private final List<Connection> connections = new ArrayList<>();

    /** Opens the connections. */
    FixedRate(int port, String path, int count) throws IOException {
        request = ByteBuffer.wrap(
                "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".formatted(path).getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true).configureBlocking(false);
            Connection connection = new Connection(channel);
            channel.register(selector, SelectionKey.OP_READ, connection);
            connections.add(connection);
            idle.add(connection);
        }
    }

    private static final class Connection {
        private final SocketChannel channel;
        private final ByteBuffer answer = ByteBuffer.allocate(4_096);
        private long dueNanos;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        /** Reads what there is, and tells whether the answer is complete; anything but a 200 is an error. */
        boolean read() throws IOException {
            if (channel.read(answer) < 0) {
                throw new IOException("the server closed a connection");
            }
            String text = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
            int body = text.indexOf("\r\n\r\n") + 4;
            if (body < 4) {
                return false;
            }
            int length = text.indexOf("Content-Length: ") + "Content-Length: ".length();
            if (!text.startsWith("HTTP/1.1 200 ") || length > body) {
                throw new IOException("the answer must be a 200 with its length, got " + text);
            }
            int expected = Integer.parseInt(text, length, text.indexOf('\r', length), 10);
            return answer.position() >= body + expected;
        }
    }

    /**
     * Sends requests at a rate, for some seconds.
     *
     * @return the latencies in nanoseconds, ascending
     */
    long[] run(int perSecond, int seconds) throws IOException {
        long[] latencies = new long[perSecond * seconds];
        int sent = 0;
        int answered = 0;
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000L + LONGEST_TAIL_NANOS;
        while (answered < latencies.length) {
            long now = System.nanoTime();
            if (now > end) {
                throw new IOException(
                        "%d of %d requests were not answered".formatted(latencies.length - answered, latencies.length));
            }
            while (sent < latencies.length && start + sent * 1_000_000_000L / perSecond <= now) {
                due.add(start + sent * 1_000_000_000L / perSecond);
                sent++;
            }
            send();
            answered += receive(latencies, answered);
        }
        Arrays.sort(latencies);
        return latencies;
    }

    private void send() throws IOException {
        while (!due.isEmpty() && !idle.isEmpty()) {
            Connection connection = idle.remove();
            connection.dueNanos = due.remove();
            connection.answer.clear();
            request.rewind();
            if (connection.channel.write(request) < request.limit()) {
                throw new IOException("a request did not fit into the socket's buffer");
            }
        }
    }

    private int receive(long[] latencies, int from) throws IOException {
        selector.selectNow();
        int answered = 0;
        for (SelectionKey key : selector.selectedKeys()) {
            Connection connection = (Connection) key.attachment();
            if (connection.read()) {
                latencies[from + answered] = System.nanoTime() - connection.dueNanos;
                answered++;
                idle.add(connection);
            }
        }
        selector.selectedKeys().clear();
        return answered;
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.channel.close();
        }
        selector.close();
    }
}
