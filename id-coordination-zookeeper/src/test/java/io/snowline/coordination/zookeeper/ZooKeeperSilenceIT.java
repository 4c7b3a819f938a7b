package io.snowline.coordination.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.zookeeper.testing.Await;
import io.snowline.coordination.zookeeper.testing.Wire;
import io.snowline.coordination.zookeeper.testing.ZooKeeperServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A single server that cannot be reached for a while, and connections that are lost for good because of that. All
 * settings have their defaults: it is the pauses of ZooKeeper's own client that matter here.
 */
@Timeout(60)
class ZooKeeperSilenceIT {

    /** As in ZooKeeper's sample: sessions last at least twice as long. */
    private static final int TICK_MILLIS = 2_000;

    private static final int CLIENTS = 20;
    private static final Duration BETWEEN_SILENCES = Duration.ofMillis(350);

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2 * CLIENTS);

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void howeverLongItWasSilentItIsUsedAgainWithinFiveSeconds() throws Exception {
        List<Future<Duration>> recoveries = new ArrayList<>();
        List<Duration> took = new ArrayList<>();
        try (ZooKeeperServer server = ZooKeeperServer.start(TICK_MILLIS, Map.of())) {
            for (int i = 1; i <= CLIENTS; i++) {
                Duration silence = BETWEEN_SILENCES.multipliedBy(i);
                recoveries.add(threads.submit(() -> recovery(server, silence)));
            }
            for (Future<Duration> recovery : recoveries) {
                took.add(recovery.get());
            }
        }
        System.out.println("Recovered from silences " + BETWEEN_SILENCES + " apart within " + took);
        assertThat(took).allSatisfy(recovery -> assertThat(recovery).isLessThan(Coordination.RECOVERY));
    }

    private Duration recovery(ZooKeeperServer server, Duration silence) throws Exception {
        try (Wire wire = Wire.to(server);
                Coordination coordination =
                        Coordination.open(factory -> factory.setConnectString(wire.connectString()))) {
            coordination.create();
            wire.lose();
            Future<Long> found = found(wire, silence);
            boolean answered = false;
            while (!answered) {
                Await.pause();
                answered = answers(coordination) && found.isDone();
            }
            return Duration.ofNanos(System.nanoTime() - found.get());
        }
    }

    /** Ends a silence after some time, whatever the client does meanwhile, and returns the time at which it did. */
    private Future<Long> found(Wire wire, Duration silence) {
        return threads.schedule(
                () -> {
                    wire.find();
                    return System.nanoTime();
                },
                silence.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private static boolean answers(Coordination coordination) {
        try {
            return coordination.read().namespace().isPresent();
        } catch (CoordinatorUnavailableException e) {
            return false;
        }
    }
}
