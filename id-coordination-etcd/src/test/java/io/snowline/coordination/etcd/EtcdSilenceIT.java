package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.etcd.testing.EtcdServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A single server that cannot be reached for a while, and connections that are lost for good because of that. */
@Timeout(60)
class EtcdSilenceIT {

    private static final int CLIENTS = 12;
    private static final Duration BETWEEN_SILENCES = Duration.ofMillis(500);
    private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2 * CLIENTS);

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void howeverLongItWasSilentItIsUsedAgainWithinFiveSeconds() throws Exception {
        List<Future<Duration>> recoveries = new ArrayList<>();
        List<Duration> took = new ArrayList<>();
        try (EtcdServer server = EtcdServer.start()) {
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

    @Test
    void aCallThatGetsNoAnswerInTimeDoesNotFailTheCallsOfOtherThreads() throws Exception {
        Semaphore gate = new Semaphore(1);
        try (EtcdServer server = EtcdServer.start();
                ReplyThief thief = new ReplyThief(server, () -> {
                    gate.acquireUninterruptibly();
                    gate.release();
                });
                Coordination coordination = Coordination.open(factory -> {
                    factory.setEndpoints(List.of(thief.endpoint()));
                    factory.setRequestTimeout(Duration.ofSeconds(2));
                })) {
            coordination.create();

            gate.acquire();
            Future<Boolean> early = threads.submit(() -> answers(coordination));
            Future<Boolean> late = threads.schedule(() -> answers(coordination), 1, TimeUnit.SECONDS);
            assertThat(early.get()).isFalse();
            gate.release();

            assertThat(late.get()).isTrue();
        }
    }

    private Duration recovery(EtcdServer server, Duration silence) throws Exception {
        try (ReplyThief thief = new ReplyThief(server);
                Coordination coordination =
                        Coordination.open(factory -> factory.setEndpoints(List.of(thief.endpoint())))) {
            coordination.create();
            thief.lose();
            Future<Long> found = found(thief, silence);
            boolean answered = false;
            while (!answered) {
                LockSupport.parkNanos(PAUSE_NANOS);
                answered = answers(coordination) && found.isDone();
            }
            return Duration.ofNanos(System.nanoTime() - found.get());
        }
    }

    /** Ends a silence after some time, whatever the client does meanwhile, and returns the time at which it did. */
    private Future<Long> found(ReplyThief thief, Duration silence) {
        return threads.schedule(
                () -> {
                    thief.find();
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
