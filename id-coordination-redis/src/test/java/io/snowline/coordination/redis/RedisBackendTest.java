package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NodeCoordinator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies that no real Redis sends, but that a proxy in between, or a connection with a surplus reply, may give. */
@Timeout(20)
class RedisBackendTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*4\r\n$4\r\nbeef\r\n$3\r\na:b\r\n$1\r\n1\r\n*0\r\n", // another request's nonce
                "$2\r\nOK\r\n",
                "+PONG\r\n",
                ":1\r\n",
                "*0\r\n",
                "*-1\r\n"
            })
    void aReplyToAnotherRequestIsNotBelievedAndItsConnectionNotUsedAgain(String reply) throws IOException {
        try (OneReply server = new OneReply(reply);
                NodeCoordinator coordinator = coordinator(server)) {
            for (int connections = 1; connections <= 2; connections++) {
                assertThatThrownBy(() -> coordinator.read("orders"))
                        .isInstanceOf(CoordinatorUnavailableException.class)
                        .hasMessageContaining("the reply does not fit the request");
                assertThat(server.connections()).isEqualTo(connections);
            }
        }
    }

    @Test
    void aServerThatHangsUpIsUnavailable() throws IOException {
        try (OneReply server = new OneReply("");
                NodeCoordinator coordinator = coordinator(server)) {
            assertThatThrownBy(() -> coordinator.read("orders"))
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageContaining("did not answer");
        }
    }

    private static NodeCoordinator coordinator(OneReply server) {
        RedisCoordinatorFactory factory = new RedisCoordinatorFactory();
        factory.setUri("redis://127.0.0.1:" + server.listener.getLocalPort());
        factory.setReadTimeout(Duration.ofSeconds(5));
        return factory.open();
    }

    /** Answers every request with the same bytes; closes the connection if there are none. */
    private static final class OneReply implements AutoCloseable {

        private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final AtomicInteger accepted = new AtomicInteger();
        private final AtomicInteger hungUp = new AtomicInteger();
        private final byte[] reply;

        OneReply(String reply) throws IOException {
            this.reply = reply.getBytes(StandardCharsets.US_ASCII);
            Thread thread = new Thread(this::serve, "one-reply");
            thread.setDaemon(true);
            thread.start();
        }

        int connections() {
            return accepted.get();
        }

        private void serve() {
            while (!listener.isClosed()) {
                try (Socket socket = listener.accept()) {
                    accepted.incrementAndGet();
                    byte[] request = new byte[65_536];
                    while (socket.getInputStream().read(request) > 0 && reply.length > 0) {
                        socket.getOutputStream().write(reply);
                    }
                } catch (SocketException e) {
                    hungUp.incrementAndGet();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
