package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.DistributedLock;
import io.snowline.testing.Await;
import io.snowline.testing.RedisServer;
import io.snowline.testing.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that closes connections at rest. */
@Timeout(60)
class RedisIdleIT {

    private static final int CONNECTIONS = 8;

    @Test
    void connectionsThatWereClosedAtRestCostNoStep() throws Exception {
        try (RedisServer server = RedisServer.start("--timeout", "1");
                Coordination coordination = Coordination.open(server)) {
            requireNoLoss(server, coordination);
        }
    }

    @Test
    void norDoThoseUnderTls(@TempDir Path directory) throws Exception {
        Certificates certificates = Certificates.make(directory, "ip:127.0.0.1");
        try (RedisServer server = certificates.startServer(false);
                Wire wire = Wire.to(server.host(), server.port());
                Coordination coordination = Coordination.open(factory -> {
                    factory.setUri("rediss://" + wire.address());
                    certificates.trust(factory);
                })) {
            coordination.create();
            lockTogether(coordination, 0);
            awaitRest();
            lockTogether(coordination, 1);
            assertThat(wire.connections()).isPositive();
            awaitRest();
            wire.cut();
            lockTogether(coordination, 2);
        }
    }

    /** Lets connections rest until they are looked at before they are used. */
    private static void awaitRest() {
        long rested = System.nanoTime() + Duration.ofMillis(700).toNanos();
        Await.until("a rest", Duration.ofSeconds(20), () -> System.nanoTime() - rested > 0);
    }

    private static void requireNoLoss(RedisServer server, Coordination coordination) throws Exception {
        coordination.create();
        for (int round = 0; round < 2; round++) {
            lockTogether(coordination, round);
            Await.until("all connections to be closed", Duration.ofSeconds(20), () -> server.info(
                            "clients", "connected_clients")
                    .filter("1"::equals)
                    .isPresent());
        }
        lockTogether(coordination, 2);
    }

    /** Uses all connections at the same time. */
    private static void lockTogether(Coordination coordination, int round) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        CyclicBarrier together = new CyclicBarrier(CONNECTIONS);
        try {
            List<Future<Boolean>> taken = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                DistributedLock lock =
                        coordination.coordinator().lock(coordination.namespace(), "lock-%d-%d".formatted(round, i));
                taken.add(threads.submit(() -> {
                    together.await();
                    return lock.tryLock("me", Duration.ofSeconds(10));
                }));
            }
            for (Future<Boolean> each : taken) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
