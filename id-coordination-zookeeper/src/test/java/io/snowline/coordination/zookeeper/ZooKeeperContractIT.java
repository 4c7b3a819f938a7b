package io.snowline.coordination.zookeeper;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.tck.Feature;
import io.snowline.coordination.tck.NodeCoordinatorContract;
import io.snowline.testing.ZooKeeperServer;
import io.snowline.testing.ZooKeeperShell;
import io.snowline.testing.ZooKeeperWire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The contract kit; each of its tests has one of a few servers to itself. */
@Execution(ExecutionMode.CONCURRENT)
class ZooKeeperContractIT extends NodeCoordinatorContract {

    private static final int SERVERS = 3;
    private static final BlockingQueue<ZooKeeperServer> FREE = new ArrayBlockingQueue<>(SERVERS);

    private ZooKeeperServer server;
    private final List<ZooKeeperWire> wires = new ArrayList<>();

    @BeforeAll
    static void startServers() {
        for (int i = 0; i < SERVERS; i++) {
            FREE.add(ZooKeeperServer.start());
        }
    }

    @AfterAll
    static void stopServers() {
        FREE.forEach(ZooKeeperServer::close);
    }

    @BeforeEach
    void takeServer() throws InterruptedException {
        server = FREE.take();
    }

    @AfterEach
    void giveServerBack() {
        try {
            wires.forEach(ZooKeeperWire::close);
        } finally {
            FREE.add(server);
        }
    }

    @Override
    protected NodeCoordinator open() {
        return open(server.connectString());
    }

    @Override
    protected NodeCoordinator openHeld(Runnable beforeEachRequest) {
        ZooKeeperWire wire = ZooKeeperWire.to(server, beforeEachRequest);
        wires.add(wire);
        return open(wire.address());
    }

    private static NodeCoordinator open(String connectString) {
        ZooKeeperCoordinatorFactory factory = new ZooKeeperCoordinatorFactory();
        factory.setConnectString(connectString);
        factory.setRequestTimeout(Duration.ofSeconds(10)); // for a busy machine
        return factory.open();
    }

    @Override
    protected Set<Feature> features() {
        return Set.of(Feature.CLOCK, Feature.TRACE);
    }

    @Override
    protected void stop() {
        server.stop();
    }

    @Override
    protected void start() {
        server.restart();
    }

    @Override
    protected void deleteNamespace(String namespace) {
        try (ZooKeeperShell shell = server.shell()) {
            shell.delete("/snowline/" + namespace);
        }
    }

    @Override
    protected Supplier<String> spoilNamespaceRecord(String namespace) {
        return spoil(new Znodes(namespace).record());
    }

    @Override
    protected Supplier<String> spoilNodeRecord(String namespace, int node) {
        return spoil(new Znodes(namespace).node(node));
    }

    private Supplier<String> spoil(String path) {
        try (ZooKeeperShell shell = server.shell()) {
            shell.write(path, "not a record");
        }
        return () -> {
            try (ZooKeeperShell shell = server.shell()) {
                return shell.read(path);
            }
        };
    }
}
