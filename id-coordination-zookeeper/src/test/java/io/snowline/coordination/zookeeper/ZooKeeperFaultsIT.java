package io.snowline.coordination.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.testing.Await;
import io.snowline.testing.ZooKeeperServer;
import io.snowline.testing.ZooKeeperShell;
import io.snowline.testing.ZooKeeperWire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** A server that is down, silent or elsewhere (C5). */
@Isolated("counts threads and memory of this JVM")
@Timeout(60)
class ZooKeeperFaultsIT {

    private static final Duration TIMEOUT = Duration.ofMillis(400);
    private static final Duration SESSION = Duration.ofSeconds(1);
    private static final int TICK_MILLIS = 200;
    private static final long LEAK_BYTES = 4L << 20; // 20 kB for each of 200 reconnects

    private static ZooKeeperServer server;
    private ZooKeeperWire wire;
    private Coordination coordination;

    @BeforeAll
    static void start() {
        server = ZooKeeperServer.start(TICK_MILLIS, Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        wire = ZooKeeperWire.to(server);
        coordination = Coordination.open(impatient(wire.address()));
    }

    @AfterEach
    void close() {
        coordination.close();
        wire.close();
    }

    private static Consumer<ZooKeeperCoordinatorFactory> impatient(String connectString) {
        return factory -> {
            factory.setConnectString(connectString);
            factory.setConnectTimeout(TIMEOUT);
            factory.setRequestTimeout(TIMEOUT);
            factory.setSessionTimeout(SESSION);
        };
    }

    @Test
    void aServerThatIsAwayIsUnavailableAndUsedAgainOnItsReturn() {
        try (Coordination direct = Coordination.open(impatient(server.connectString()))) {
            direct.create();
            StoreView before = direct.reserve(7, 10).view();
            server.stop();
            assertUnavailable(direct::read, "could not be reached");
            assertUnavailable(direct::read, ": Connection refused");
            server.restart();
            assertThat(direct.readOnceRecovered(Coordination.RECOVERY).node(7)).isEqualTo(before.node(7));
            assertThat(direct.reserve(7, 20).applied()).isTrue();
        }
    }

    @Test
    void aServerThatIsAwayAtFirstIsUsedOnItsReturn() {
        server.stop();
        try (Coordination direct = Coordination.open(impatient(server.connectString()))) {
            assertUnavailable(direct::create, "Connection refused");
            server.restart();
            direct.readOnceRecovered(Coordination.RECOVERY);
            direct.create();
        }
    }

    @Test
    void aSilentServerIsGivenUpAfterTheTimeout() {
        coordination.create();
        StoreView view = coordination.reserve(7, 10).view();
        wire.lose();
        long start = System.nanoTime();
        assertUnavailable(
                () -> coordination.replace(Coordination.reservation(view, Coordination.node(7, 20))),
                "did not answer within requestTimeout, 400 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(TIMEOUT, TIMEOUT.multipliedBy(4));
        wire.mend();
        assertThat(coordination.readOnceRecovered(Coordination.RECOVERY).node(7))
                .isEqualTo(view.node(7));
    }

    @Test
    void aStepWhoseReplyIsLostIsUnknownAndShowsWhenItIsReadAgain() {
        coordination.create();
        NodeRecord reserved = Coordination.node(7, 10);
        StoreView view = coordination.read();
        wire.loseReplyToTransaction();
        assertUnavailable(() -> coordination.replace(Coordination.reservation(view, reserved)), "did not answer");
        wire.mend();
        assertThat(coordination.readOnceRecovered(Coordination.RECOVERY).node(7))
                .map(Stored::record)
                .contains(reserved);
    }

    @Tag("T22")
    @Test
    void aSessionThatExpiresMeansNothingToAnOwnerWhoseWindowRuns() {
        ReservationSettings reservation = new ReservationSettings(
                Coordination.record(0).ahead(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10));
        coordination.create();
        try (SnowflakeGenerator generator = SnowflakeGenerator.builder(
                        coordination.coordinator(), coordination.namespace())
                .reservation(reservation)
                .start()) {
            assertThat(generator.awaitReady(Duration.ofSeconds(10))).isTrue();
            Set<Long> ids = new HashSet<>(Set.of(generator.nextId()));
            int node = node(generator);
            int sessions = wire.newSessions();
            wire.lose();
            long end = System.nanoTime() + SESSION.multipliedBy(4).toNanos();
            int issued = 1;
            while (System.nanoTime() - end < 0) {
                ids.add(generator.nextId());
                issued++;
                Await.pause();
            }
            wire.mend();
            Await.until("another session", Coordination.RECOVERY, () -> wire.newSessions() > sessions);
            coordination.readOnceRecovered(Coordination.RECOVERY);
            ids.add(generator.nextId());

            assertThat(ids).hasSize(issued + 1);
            assertThat(node(generator)).isEqualTo(node);
        }
    }

    /** The status shows a node id a moment after its first window may be used. */
    private static int node(SnowflakeGenerator generator) {
        Await.until(
                "the node id to show",
                Coordination.RECOVERY,
                () -> generator.status().get(0).node().isPresent());
        return generator.status().get(0).node().orElseThrow();
    }

    @Test
    void connectionsThatBreakAreMadeAgainWithoutACallerNoticingMoreThanAWait() {
        try (Coordination patient = Coordination.open(factory -> factory.setConnectString(wire.address()))) {
            patient.create();
            for (int i = 1; i <= 3; i++) {
                wire.cut();
                assertThat(patient.reserve(7, i).applied()).isTrue();
            }
        }
    }

    @Test
    void wrongEndpointsAreNamedWithTheReason() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String servers = "nowhere.invalid:1,127.0.0.1:" + mute.getLocalPort();
            try (Coordination lost = Coordination.open(impatient(servers))) {
                assertUnavailable(
                        lost::read,
                        "ZooKeeper at %s could not be reached within connectTimeout, 400 ms: nowhere.invalid:1: unknown host; 127.0.0.1:%d: takes connections and gives no session (it has no quorum, or speaks TLS only)"
                                .formatted(servers, mute.getLocalPort()));
            }
        }
    }

    @Test
    void aMissingChrootIsNamedAndUsedOnceItIsThere() {
        try (Coordination below = Coordination.open(impatient(server.connectString() + "/apps/ids"));
                ZooKeeperShell shell = server.shell()) {
            assertUnavailable(
                    below::read, "has no znode /apps/ids, the chroot of connectString; create it, or correct");
            assertUnavailable(below::create, "has no znode /apps/ids");
            assertUnavailable(
                    () -> below.coordinator().lock("orders", "x").tryLock("t", SESSION), "has no znode /apps/ids");
            assertThat(below.coordinator().advisories()).isEmpty();
            assertThat(shell.exists("/apps")).isFalse();
            shell.create("/apps/ids", "");
            below.create();
            assertThat(shell.exists("/apps/ids" + below.znodes().record())).isTrue();
        }
    }

    @Test
    void anInterruptedThreadStaysInterrupted() {
        coordination.create();
        Thread.currentThread().interrupt();
        assertUnavailable(coordination::read, "interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(coordination.read().namespace()).isPresent();
    }

    @Test
    void aClosedCoordinatorSaysSo() {
        coordination.read();
        coordination.close();
        coordination.close();
        assertUnavailable(coordination::read, "was closed by this process");
    }

    @Test
    void twoHundredReconnectsLeaveNoThreadConnectionOrMemoryBehind() {
        int clients = 20;
        List<Coordination> many = Stream.generate(() -> Coordination.open(impatient(wire.address())))
                .limit(clients)
                .toList();
        many.forEach(Coordination::create);
        reconnect(many, 1); // what is loaded and cached only once is no leak
        long threads = clientThreads();
        int connections = wire.connections();
        long memory = usedMemory();
        assertThat(connections).as("connections of %d coordinators", clients).isEqualTo(clients);

        reconnect(many, 200 / clients);

        Await.until("threads to end", Coordination.RECOVERY, () -> clientThreads() <= threads);
        Await.until("connections to end", Coordination.RECOVERY, () -> wire.connections() == connections);
        Await.until("memory to be free again", Coordination.RECOVERY, () -> usedMemory() - memory < LEAK_BYTES);
        many.forEach(Coordination::close);
        Await.until("all connections to end", Coordination.RECOVERY, () -> wire.connections() == 0);
    }

    private void reconnect(List<Coordination> clients, int times) {
        for (int i = 0; i < times; i++) {
            wire.cut();
            clients.forEach(client -> client.readOnceRecovered(Coordination.RECOVERY));
        }
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void twoHundredCoordinatorsLeaveNoThreadBehind() throws Exception {
        coordination.create();
        long threads = clientThreads();
        assertThat(threads).as("threads of one coordinator").isBetween(3L, 6L);
        ExecutorService openers = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> openings = Collections.nCopies(200, this::openReadAndClose);
            for (Future<Boolean> read : openers.invokeAll(openings)) {
                assertThat(read.get()).isTrue();
            }
        } finally {
            openers.shutdownNow();
        }
        Await.until("threads to end", Coordination.RECOVERY, () -> clientThreads() <= threads);
    }

    private boolean openReadAndClose() {
        try (Coordination again = Coordination.open(coordination.namespace(), impatient(server.connectString()))) {
            return again.readOnceRecovered(Coordination.RECOVERY).namespace().isPresent();
        }
    }

    @Test
    void callsIntoTheVoidLeaveNoThreadBehind() {
        coordination.create();
        long threads = clientThreads();
        wire.lose();
        for (int i = 0; i < 8; i++) {
            assertThatThrownBy(coordination::read).isInstanceOf(CoordinatorUnavailableException.class);
        }
        wire.mend();
        coordination.readOnceRecovered(Coordination.RECOVERY);
        Await.until("threads to end", Coordination.RECOVERY, () -> clientThreads() <= threads);
    }

    /** Counts the threads of ZooKeeper's client, Curator and this module; the server in this process has its own. */
    private static long clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("-SendThread(")
                        || name.endsWith("-EventThread")
                        || name.startsWith("Curator-")
                        || name.startsWith("snowline-"))
                .count();
    }

    private static void assertUnavailable(Callable<?> step, String message) {
        assertThatThrownBy(step::call)
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(message);
    }
}
