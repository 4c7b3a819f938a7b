package io.snowline.coordination.redis;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.tck.Feature;
import io.snowline.coordination.tck.NodeCoordinatorContract;
import io.snowline.testing.RedisServer;
import io.snowline.testing.Wire;
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

/**
 * The contract kit on servers that write every command to their disk before they answer; each test has one of them to
 * itself.
 */
@Execution(ExecutionMode.CONCURRENT)
class RedisContractIT extends NodeCoordinatorContract {

    private static final int SERVERS = 3;
    private static final BlockingQueue<RedisServer> FREE = new ArrayBlockingQueue<>(SERVERS);

    private RedisServer server;
    private final List<Wire> wires = new ArrayList<>();

    @BeforeAll
    static void startServers() {
        for (int i = 0; i < SERVERS; i++) {
            FREE.add(RedisServer.start("--appendonly", "yes", "--appendfsync", "always"));
        }
    }

    @AfterAll
    static void stopServers() {
        FREE.forEach(RedisServer::close);
    }

    @BeforeEach
    void takeServer() throws InterruptedException {
        server = FREE.take();
    }

    @AfterEach
    void giveServerBack() {
        try {
            wires.forEach(Wire::close);
        } finally {
            FREE.add(server);
        }
    }

    @Override
    protected NodeCoordinator open() {
        return open(server.uri());
    }

    @Override
    protected NodeCoordinator openHeld(Runnable beforeEachRequest) {
        Wire wire = Wire.to(server.host(), server.port(), beforeEachRequest);
        wires.add(wire);
        return open("redis://" + wire.address());
    }

    private static NodeCoordinator open(String uri) {
        RedisCoordinatorFactory factory = new RedisCoordinatorFactory();
        factory.setUri(uri);
        factory.setReadTimeout(Duration.ofSeconds(10)); // for a busy disk
        return factory.open();
    }

    @Override
    protected Set<Feature> features() {
        return Set.of(Feature.CLOCK, Feature.IDENTITY, Feature.LEDGER);
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
    protected void deleteNamespace(String namespace) {
        server.command("DEL", new RedisKeys(namespace).records());
    }

    @Override
    protected Supplier<String> spoilNamespaceRecord(String namespace) {
        return spoil(namespace, RedisKeys.NAMESPACE_FIELD);
    }

    @Override
    protected Supplier<String> spoilNodeRecord(String namespace, int node) {
        return spoil(namespace, RedisKeys.nodeField(node));
    }

    private Supplier<String> spoil(String namespace, String field) {
        String key = new RedisKeys(namespace).records();
        server.command("HSET", key, field, "not a record");
        return () -> (String) server.command("HGET", key, field);
    }
}
