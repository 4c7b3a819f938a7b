package io.snowline.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.Stored;
import io.snowline.id.IdLayout;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.server.testing.Backend;
import io.snowline.server.testing.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upgrades: records of format 1 are carried on, and records of a later version are refused. */
@Timeout(180)
class OldRecordsIT {

    private static final IdLayout LAYOUT = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
    private static final Duration READY = Duration.ofSeconds(20);
    private static final int ATTEMPTS = 5;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"local", "redis", "zookeeper", "etcd"})
    @Execution(ExecutionMode.CONCURRENT)
    void aNamespaceGoesOnAboveEveryMark(String type) throws Exception {
        OldRecords old = OldRecords.of(type).writtenInTime(Instant.now().plusSeconds(60));
        try (Backend backend = Backend.start(type, directory)) {
            old.putInto(backend);
            try (NodeCoordinator coordinator = backend.open();
                    SnowflakeGenerator orders = SnowflakeGenerator.builder(coordinator, "orders")
                            .nodeIds(new NodeIdRange(0, 7))
                            .start();
                    RecordedIdGenerator invoices = recorded(coordinator, LAYOUT)) {
                assertThat(orders.awaitReady(READY))
                        .as(orders.status().toString())
                        .isTrue();
                for (int node : new int[] {1, 2, 5}) {
                    assertThat(LAYOUT.position(orders.nextId())).isGreaterThanOrEqualTo(old.mark("orders", node));
                }
                for (int node : new int[] {0, 3}) {
                    assertThat(LAYOUT.position(invoices.nextId(node)))
                            .isGreaterThanOrEqualTo(old.mark("invoices", node));
                }
                assertThat(coordinator.read("orders").nodes()).containsKeys(1, 2, 5);
                assertThat(coordinator.read("invoices").nodes()).containsKeys(0, 3);
                // Redis and etcd reveal that they are not the servers that the records were written to.
                long incarnation = coordinator.read("orders").identity().isEmpty() ? 1 : 2;
                assertThat(namespace(coordinator, "orders").incarnation()).isEqualTo(incarnation);
                assertThat(namespace(coordinator, "invoices").incarnation()).isEqualTo(incarnation);
            }
        }
    }

    /**
     * With the same records as if they had been written a moment ago, so that by the clock alone IDs would begin below
     * their marks.
     */
    @ParameterizedTest
    @ValueSource(strings = {"local", "redis", "zookeeper", "etcd"})
    @Execution(ExecutionMode.CONCURRENT)
    void aNodeIdWhoseMarkLiesAheadGoesOnAboveIt(String type) throws Exception {
        Instant ahead = Instant.now().plusSeconds(15).truncatedTo(ChronoUnit.MILLIS);
        try (Backend backend = Backend.start(type, directory);
                NodeCoordinator coordinator = backend.open()) {
            IdLayout orders = put(backend, coordinator, "orders", 1, ahead);
            IdLayout invoices = put(backend, coordinator, "invoices", 3, ahead);
            OldRecords old = OldRecords.of(type);
            try (SnowflakeGenerator leased = SnowflakeGenerator.builder(coordinator, "orders")
                            .layout(orders)
                            .nodeIds(new NodeIdRange(1, 1))
                            .start();
                    RecordedIdGenerator recorded = recorded(coordinator, invoices)) {
                assertThat(leased.awaitReady(READY))
                        .as(leased.status().toString())
                        .isTrue();
                assertThat(orders.position(leased.nextId())).isGreaterThanOrEqualTo(old.mark("orders", 1));
                assertThat(invoices.position(recorded.nextId(3))).isGreaterThanOrEqualTo(old.mark("invoices", 3));
                assertThat(Instant.now())
                        .as("the time now, or the marks would not lie ahead")
                        .isBefore(ahead);
                assertThat(namespace(coordinator, "orders").incarnation()).isEqualTo(1);
                assertThat(namespace(coordinator, "invoices").incarnation()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "redis", "zookeeper", "etcd"})
    @Execution(ExecutionMode.CONCURRENT)
    void aNodeIdThatIsHeldIsTakenOverWhenItsWindowHasPassed(String type) throws Exception {
        Instant end = Instant.now().plusSeconds(6).truncatedTo(ChronoUnit.MILLIS);
        try (Backend backend = Backend.start(type, directory);
                NodeCoordinator coordinator = backend.open()) {
            IdLayout layout = put(backend, coordinator, "orders", 5, end);
            try (SnowflakeGenerator orders = SnowflakeGenerator.builder(coordinator, "orders")
                    .layout(layout)
                    .nodeIds(new NodeIdRange(5, 5))
                    .reservation(takingOverAtOnce())
                    .start()) {
                assertThat(orders.awaitReady(READY))
                        .as(orders.status().toString())
                        .isTrue();
                assertThat(Instant.now()).isAfterOrEqualTo(end);
                assertThat(layout.position(orders.nextId()))
                        .isGreaterThanOrEqualTo(OldRecords.of(type).mark("orders", 5));
                assertThat(namespace(coordinator, "orders").incarnation()).isEqualTo(1);
            }
        }
    }

    /**
     * Puts a namespace's records so that one mark stands for the given time, and returns the layout in which it does.
     */
    private static IdLayout put(
            Backend backend, NodeCoordinator coordinator, String namespace, int node, Instant markTime) {
        OldRecords old = OldRecords.of(backend.type());
        Duration age = Duration.between(old.markTime(namespace, node, LAYOUT), markTime);
        OldRecords moved =
                old.laterBy(age).writtenInTime(Instant.now().plusSeconds(60)).ofStore(identity(coordinator));
        moved.only(namespace).putInto(backend);
        return IdLayout.classic(LAYOUT.epoch().plus(age));
    }

    /**
     * Returns the store's identity; on a busy machine the first connection to etcd may take longer than the timeout of
     * a step.
     */
    private static String identity(NodeCoordinator coordinator) {
        for (int attempt = 1; ; attempt++) {
            try {
                return coordinator.read("another").identity();
            } catch (CoordinatorUnavailableException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static RecordedIdGenerator recorded(NodeCoordinator coordinator, IdLayout layout) {
        return RecordedIdGenerator.builder(coordinator, "invoices")
                .layout(layout)
                .node(3)
                .ledger(coordinator.ledger("invoices").isPresent())
                .maxWait(Duration.ofSeconds(10))
                .start();
    }

    private static ReservationSettings takingOverAtOnce() {
        ReservationSettings usual = ReservationSettings.DEFAULT;
        return new ReservationSettings(
                usual.ahead(), usual.renewEvery(), Duration.ZERO, usual.guard(), usual.maxClockSkew());
    }

    private static NamespaceRecord namespace(NodeCoordinator coordinator, String namespace) {
        return coordinator.read(namespace).namespace().map(Stored::record).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "redis", "zookeeper", "etcd"})
    @Execution(ExecutionMode.CONCURRENT)
    void aRecordOfAVersionToComeIsRefusedWithBothVersionsAndLeftAsItIs(String type) throws Exception {
        OldRecords toCome =
                OldRecords.of(type).writtenInTime(Instant.now().plusSeconds(60)).ofVersionToCome();
        try (Backend backend = Backend.start(type, directory)) {
            toCome.putInto(backend);
            String yaml = backend.yaml() + "\ngenerators: {orders: {}}";
            try (ServerProcess server = ServerProcess.start(directory.resolve("server"), yaml)) {
                assertThat(server.awaitExit()).isEqualTo(1);
                assertThat(server.log())
                        .contains("The server ends")
                        .contains("version 3")
                        .contains("version 2")
                        .doesNotContain("\tat ");
            }
            try (NodeCoordinator coordinator = backend.open();
                    RecordedIdGenerator invoices = recorded(coordinator, LAYOUT)) {
                assertThatThrownBy(() -> invoices.nextId(3))
                        .isInstanceOf(IdUnavailableException.class)
                        .hasMessageContaining("version 3")
                        .hasMessageContaining("version 2");
            }
            toCome.namespaces().forEach((key, text) -> {
                assertThat(backend.get(key)).as(key).isEqualTo(text);
            });
        }
    }
}
