package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.snowline.server.testing.RawRequest;
import io.snowline.server.testing.RunningServer;
import io.snowline.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many connections there may be, and how long a request may take, on real sockets. */
class ConnectionBoundsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String REQUEST = "GET /v1/default/id HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private final List<Socket> sockets = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void closeSockets() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** Connects from an address of the loopback interface. */
    private Socket connect(RunningServer server, String from) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port(), InetAddress.getByName(from), 0);
        socket.setSoTimeout((int) SOON.toMillis());
        sockets.add(socket);
        return socket;
    }

    private static String ask(Socket socket) throws IOException {
        try {
            socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException e) {
            return ""; // the server has closed it
        }
    }

    private static double gauge(RunningServer server, String name) {
        try {
            return JSON.readTree(server.admin("/metrics").body())
                    .at("/gauges/io.snowline.server." + name + "/value")
                    .asDouble(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anAddressHasSoManyConnectionsAndOthersAreServed() throws Exception {
        try (RunningServer server = RunningServer.start(directory, "limits: {connectionsPerAddress: 5}")) {
            for (int i = 0; i < 5; i++) {
                connect(server, "127.0.0.2");
            }
            Await.until("the connections", SOON, () -> gauge(server, "connections") >= 5);

            assertThat(ask(connect(server, "127.0.0.2"))).isEmpty();
            assertThat(ask(connect(server, "127.0.0.3"))).startsWith("HTTP/1.1 200 ");
            assertThat(gauge(server, "connections-refused")).isEqualTo(1);

            sockets.get(0).close();
            Await.until("room for another one", SOON, () -> {
                try {
                    return ask(connect(server, "127.0.0.2")).startsWith("HTTP/1.1 200 ");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Test
    void whenThereAreTooManyTheIdleOnesAreClosed() throws Exception {
        try (RunningServer server =
                RunningServer.start(directory, "limits: {connections: 5, connectionsPerAddress: 100}")) {
            for (int i = 0; i < 10; i++) {
                connect(server, "127.0.0.1");
            }
            assertThat(ask(connect(server, "127.0.0.1"))).startsWith("HTTP/1.1 200 ");
            assertThat(server.admin("/ping").statusCode())
                    .as("administration has its own")
                    .isEqualTo(200);
        }
    }

    @Test
    void aHeadThatDripsIsCutOff() throws Exception {
        try (RunningServer server = RunningServer.start(directory, "limits: {headerTime: 1s}")) {
            Socket socket = connect(server, "127.0.0.1");
            socket.setSoTimeout(100);
            int sent = 0;
            while (sent < 200 && dripped(socket, "GET /v1/default/id?".charAt(Math.min(sent, 18)))) {
                sent++;
            }
            assertThat(sent).as("tenths of a second").isBetween(8, 60);
            assertThat(gauge(server, "connections-too-slow")).isEqualTo(1);
        }
    }

    /** Sends an octet and waits a moment; tells whether the connection is still there. */
    private static boolean dripped(Socket socket, char octet) throws IOException {
        try {
            socket.getOutputStream().write(octet);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (SocketException e) {
            return false;
        }
    }

    @Test
    void anAnswerThatIsNotReadIsGivenUp() throws Exception {
        String yaml = "limits: {answerTime: 1s, answersInFlight: 1MiB}\ngenerators: {default: {maxBatch: 1000000}}";
        try (RunningServer server = RunningServer.start(directory, yaml);
                RawRequest slow = new RawRequest(server.port())) {
            slow.sendLine("GET /v1/default/ids?count=1000000 HTTP/1.1").awaitBegin();
            assertThat(server.get("/v1/default/ids?count=10000").statusCode()).isEqualTo(503);

            Await.until("the end of the slow one", SOON, () -> gauge(server, "connections-too-slow") == 1);
            Await.until(
                    "room for another",
                    SOON,
                    () -> server.get("/v1/default/ids?count=10000").statusCode() == 200);
        }
    }

    @Test
    void aConnectionThatRestsBetweenRequestsIsNotSlow() throws Exception {
        try (RunningServer server = RunningServer.start(directory, "limits: {headerTime: 1s, answerTime: 1s}")) {
            Socket socket = connect(server, "127.0.0.1");
            socket.setSoTimeout(2_500);
            socket.getOutputStream()
                    .write("GET /v1/default/id HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(readWhile(socket)).startsWith("HTTP/1.1 200 ");
            assertThat(ask(socket)).startsWith("HTTP/1.1 200 ");
            assertThat(gauge(server, "connections-too-slow")).isZero();
        }
    }

    /** Reads until nothing has come for the socket's time-out. */
    private static String readWhile(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            for (int next = socket.getInputStream().read();
                    next >= 0;
                    next = socket.getInputStream().read()) {
                text.append((char) next);
            }
        } catch (SocketTimeoutException e) {
            return text.toString();
        }
        return text + "(closed)";
    }
}
