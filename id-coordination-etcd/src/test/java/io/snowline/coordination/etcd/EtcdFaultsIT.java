package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.testing.Await;
import io.snowline.testing.EtcdServer;
import io.snowline.testing.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** A server that is down, silent or not an etcd at all (C5), and connections that come and go. */
@Isolated("counts threads and memory of this JVM")
@Timeout(60)
class EtcdFaultsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int MANY = 200;
    private static final long LEAK_BYTES = 4L << 20; // 20 kB for each of them

    private static EtcdServer server;
    private Coordination coordination;

    @BeforeAll
    static void start() {
        server = EtcdServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        server.ensureRunning();
        coordination = openAt(server.endpoint());
    }

    @AfterEach
    void close() {
        coordination.close();
    }

    private static Coordination openAt(String endpoint) {
        return Coordination.open(factory -> {
            factory.setEndpoints(List.of(endpoint));
            factory.setRequestTimeout(TIMEOUT);
        });
    }

    @Test
    void aServerThatIsAwayIsUnavailableAtOnceAndUsedAgainOnItsReturn() {
        coordination.create();
        StoreView before = coordination.read();
        server.kill();
        long start = System.nanoTime();
        for (int i = 0; i < 2; i++) {
            assertUnavailable(coordination::read, "did not answer: "); // refused, reset or closing
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.multipliedBy(4));
        server.restart();
        assertThat(coordination.read()).isEqualTo(before);
        assertThat(coordination.reserve(1, 10).applied()).isTrue();
    }

    @Test
    void aServerThatIsAwayAtFirstIsUsedOnItsReturn() {
        server.kill();
        for (int i = 0; i < 5; i++) {
            assertUnavailable(coordination::create, "did not answer: ");
        }
        server.restart();
        coordination.create();
    }

    /** Left alone, gRPC would wait longer and longer between its attempts to connect. */
    @Test
    void aServerThatWasAwayForLongIsUsedAtOnceOnItsReturn() {
        server.kill();
        long end = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        while (System.nanoTime() - end < 0) {
            assertUnavailable(coordination::read, "did not answer: ");
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
        server.restart();
        coordination.read();
    }

    @Tag("T23")
    @Test
    void aSilentServerIsGivenUpAfterTheTimeout() {
        coordination.create();
        server.pause();
        try {
            long start = System.nanoTime();
            assertUnavailable(
                    () -> coordination.reserve(1, 10),
                    "did not answer within requestTimeout, " + TIMEOUT.toMillis() + " ms");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(TIMEOUT, TIMEOUT.multipliedBy(4));
        } finally {
            server.resume();
        }
        coordination.readOnceRecovered(Coordination.RECOVERY);
        assertThat(coordination.reserve(1, 20).applied()).isTrue();
    }

    @Test
    void aStepWhoseReplyIsLostIsUnknownAndShowsWhenItIsReadAgain() {
        try (Wire wire = Wire.to(server.host(), server.port());
                Coordination throughWire = openAt("http://" + wire.address())) {
            throughWire.create();
            StoreView view = throughWire.read();
            NodeRecord reserved = Coordination.node(1, 10);
            wire.loseReplies(true);
            assertUnavailable(
                    () -> throughWire.replace(Replacement.ofNode(
                            view.identity(), view.namespace().orElseThrow(), Optional.empty(), reserved)),
                    "did not answer within requestTimeout");
            wire.loseReplies(false);
            wire.cut();
            assertThat(throughWire.readOnceRecovered(Coordination.RECOVERY).node(1))
                    .map(Stored::record)
                    .contains(reserved);
        }
    }

    @Test
    void anotherKindOfServerIsToldApart() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread web = new Thread(() -> answerAsHttp(listener), "web-server");
            web.setDaemon(true);
            web.start();
            try (Coordination wrong = openAt("http://127.0.0.1:" + listener.getLocalPort())) {
                assertUnavailable(wrong::read, "did not answer as etcd does: ");
            }
        }
    }

    private static void answerAsHttp(ServerSocket listener) {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                OutputStream out = socket.getOutputStream();
                out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                socket.getInputStream().readNBytes(24);
            } catch (IOException e) {
                System.out.println("the web server of a test: " + e);
            }
        }
    }

    @Test
    void anUnknownHostIsNamed() {
        try (Coordination nowhere = openAt("http://nowhere.invalid:2379")) {
            assertUnavailable(nowhere::read, "etcd at http://nowhere.invalid:2379 did not answer");
            assertUnavailable(nowhere::read, "nowhere.invalid");
        }
    }

    @Test
    void aClosedCoordinatorSaysSo() {
        coordination.create();
        coordination.close();
        assertUnavailable(coordination::read, "was closed by this process");
    }

    @Test
    void aThreadThatIsInterruptedStaysInterrupted() {
        coordination.create();
        Thread.currentThread().interrupt();
        assertUnavailable(coordination::read, "interrupted");
        assertThat(Thread.interrupted()).isTrue();
        coordination.read();
    }

    @Test
    void manyReconnectsLeaveNoThreadConnectionOrMemoryBehind() {
        try (Wire wire = Wire.to(server.host(), server.port());
                Coordination throughWire = openAt("http://" + wire.address())) {
            throughWire.create();
            int threads = threadsOnceNoMoreAreAdded(() -> reconnect(wire, throughWire, 20));
            long memory = usedMemory();

            reconnect(wire, throughWire, MANY);

            Await.until(
                    "threads to end: " + threadsOfOneClient(),
                    Coordination.RECOVERY,
                    () -> threadsOfOneClient().size() <= threads);
            Await.until("connections to end", Coordination.RECOVERY, () -> wire.connections() == 1);
            Await.until("memory to be free again", Coordination.RECOVERY, () -> usedMemory() - memory < LEAK_BYTES);
        }
    }

    /** What is loaded only once, and pools that grow to their bound, are no leak; a leak grows with each round. */
    private static int threadsOnceNoMoreAreAdded(Runnable round) {
        int before;
        int after = 0;
        int rounds = 0;
        do {
            before = after;
            round.run();
            after = threadsOfOneClient().size();
            rounds++;
        } while (after > before && rounds < 8);
        return after;
    }

    private static void reconnect(Wire wire, Coordination client, int times) {
        for (int i = 0; i < times; i++) {
            wire.cut();
            client.readOnceRecovered(Coordination.RECOVERY);
        }
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void manyCoordinatorsLeaveNoThreadsBehind() {
        coordination.close();
        EtcdServer.closeClients();
        for (int i = 0; i < MANY; i++) {
            try (Coordination one = openAt(server.endpoint())) {
                one.read();
            }
        }
        Await.until("no thread of a client: " + clientThreads(), Duration.ofSeconds(10), () -> clientThreads()
                .isEmpty());
    }

    /** Leaves out the pool that all of gRPC's clients share, which has as many threads as were busy at one time. */
    private static Set<Thread> threadsOfOneClient() {
        return clientThreads().stream()
                .filter(thread -> !thread.getName().startsWith("grpc-default-executor"))
                .collect(Collectors.toSet());
    }

    /** A test closes its own clients, and gRPC ends their threads a second later. */
    private static Set<Thread> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("(jetcd|grpc|vert|vertx|netty|nio|snowline).*"))
                .collect(Collectors.toSet());
    }

    private static void assertUnavailable(Callable<?> step, String message) {
        assertThatThrownBy(step::call, message)
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(message);
    }
}
