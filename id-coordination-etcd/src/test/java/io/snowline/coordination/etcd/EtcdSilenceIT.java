package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.testing.EtcdServer;
import io.snowline.testing.Silences;
import io.snowline.testing.Wire;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A single server that cannot be reached for a while, and connections that are lost for good because of that. */
@Timeout(60)
class EtcdSilenceIT {

    private static final int CLIENTS = 12;
    private static final Duration BETWEEN_SILENCES = Duration.ofMillis(500);

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void howeverLongItWasSilentItIsUsedAgainWithinFiveSeconds() throws Exception {
        try (EtcdServer server = EtcdServer.start()) {
            assertThat(Silences.recoveries(
                            CLIENTS,
                            BETWEEN_SILENCES,
                            () -> Wire.to(server.host(), server.port()),
                            wire -> Coordination.open(
                                    factory -> factory.setEndpoints(List.of("http://" + wire.address())))))
                    .hasSize(CLIENTS)
                    .allSatisfy(recovery -> assertThat(recovery).isLessThan(Coordination.RECOVERY));
        }
    }

    @Test
    void aCallThatGetsNoAnswerInTimeDoesNotFailTheCallsOfOtherThreads() throws Exception {
        Semaphore gate = new Semaphore(1);
        try (EtcdServer server = EtcdServer.start();
                Wire wire = Wire.toHttp2(server.host(), server.port(), () -> {
                    gate.acquireUninterruptibly();
                    gate.release();
                });
                Coordination coordination = Coordination.open(factory -> {
                    factory.setEndpoints(List.of("http://" + wire.address()));
                    factory.setRequestTimeout(Duration.ofSeconds(2));
                })) {
            coordination.create();

            gate.acquire();
            Future<Boolean> early = threads.submit(() -> coordination.answer().isPresent());
            Future<Boolean> late = threads.schedule(() -> coordination.answer().isPresent(), 1, TimeUnit.SECONDS);
            assertThat(early.get()).isFalse();
            gate.release();

            assertThat(late.get()).isTrue();
        }
    }
}
