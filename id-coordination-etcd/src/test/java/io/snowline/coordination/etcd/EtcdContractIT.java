package io.snowline.coordination.etcd;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.tck.Feature;
import io.snowline.coordination.tck.NodeCoordinatorContract;
import io.snowline.testing.EtcdServer;
import io.snowline.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The contract kit; each of its tests has one of a few servers to itself. */
@Execution(ExecutionMode.CONCURRENT)
class EtcdContractIT extends NodeCoordinatorContract {

    /** etcd's leases last whole seconds, and end at a tick of its own, at the latest a second after their time. */
    private static final Duration LEASES = Duration.ofSeconds(2);

    private static final int SERVERS = 3;
    private static final BlockingQueue<EtcdServer> FREE = new ArrayBlockingQueue<>(SERVERS);

    private EtcdServer server;
    private final List<Wire> wires = new ArrayList<>();
    private boolean restored;

    @BeforeAll
    static void launch() {
        for (int i = 0; i < SERVERS; i++) {
            FREE.add(EtcdServer.start());
        }
    }

    @AfterAll
    static void close() {
        FREE.forEach(EtcdServer::close);
    }

    @BeforeEach
    void takeServer() throws InterruptedException {
        server = FREE.take();
    }

    @AfterEach
    void giveServerBack() {
        try {
            wires.forEach(Wire::close);
            if (restored) { // the coordinator that saw it has recorded that this store may have forgotten namespaces
                server.restartAsAnotherCluster();
            }
        } finally {
            FREE.add(server);
        }
    }

    @Override
    protected NodeCoordinator open() {
        return open(server.endpoint());
    }

    @Override
    protected NodeCoordinator openHeld(Runnable beforeEachRequest) {
        Wire wire = Wire.toHttp2(server.host(), server.port(), beforeEachRequest);
        wires.add(wire);
        return open("http://" + wire.address());
    }

    private static NodeCoordinator open(String endpoint) {
        EtcdCoordinatorFactory factory = new EtcdCoordinatorFactory();
        factory.setEndpoints(List.of(endpoint));
        factory.setRequestTimeout(Duration.ofSeconds(10)); // for a busy machine
        return factory.open();
    }

    @Override
    protected Set<Feature> features() {
        return Set.of(Feature.IDENTITY, Feature.LEDGER, Feature.TRACE);
    }

    @Override
    protected void stop() {
        server.kill();
    }

    @Override
    protected void start() {
        server.restart();
    }

    @Override
    protected void changeIdentity() {
        server.restartAsAnotherCluster();
        restored = true;
    }

    @Override
    protected void deleteNamespace(String namespace) {
        String key = "/snowline/" + namespace;
        server.dump(key + "/nodes/").keySet().forEach(server::delete);
        server.delete(key);
    }

    @Override
    protected Supplier<String> spoilNamespaceRecord(String namespace) {
        return spoil("/snowline/" + namespace);
    }

    @Override
    protected Supplier<String> spoilNodeRecord(String namespace, int node) {
        return spoil("/snowline/" + namespace + "/nodes/" + node);
    }

    private Supplier<String> spoil(String key) {
        server.put(key, "not a record");
        return () -> server.get(key).orElse("nothing");
    }

    @Override
    protected void elapse(Duration duration) throws InterruptedException {
        Duration whole = duration.toMillis() < 500 ? duration : duration.plus(LEASES);
        TimeUnit.NANOSECONDS.sleep(whole.toNanos());
    }
}
