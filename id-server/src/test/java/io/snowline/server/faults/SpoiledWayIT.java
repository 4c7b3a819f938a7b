package io.snowline.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.Backend;
import io.snowline.server.testing.FaultTable;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The network between two servers and their backend is disturbed for longer than a window reaches; a third server has
 * its own connection.
 */
@Tag("faults")
@ExtendWith(FaultTable.class)
@Timeout(600)
class SpoiledWayIT {

    private static final Duration NOTICED = Duration.ofSeconds(30);
    private static final Duration RECOVERED = Duration.ofSeconds(15);

    @TempDir
    Path directory;

    private enum Fault {
        LATE("requests and replies 400 ms late each") {
            @Override
            void begin(Proxy proxy) {
                proxy.delay(Duration.ofMillis(400));
            }
        },
        STUCK("black hole, and what was in it arrives late") {
            @Override
            void begin(Proxy proxy) {
                proxy.stick();
            }
        },
        DEAF("requests arrive, replies are lost") {
            @Override
            void begin(Proxy proxy) {
                proxy.loseReplies();
            }
        },
        CUT("connections cut, new ones as well") {
            @Override
            void begin(Proxy proxy) {
                proxy.cut();
            }
        };

        private final String words;

        Fault(String words) {
            this.words = words;
        }

        abstract void begin(Proxy proxy);
    }

    @Test
    void whenRepliesOfRedisAreLostNoIdIsRepeated() throws Exception {
        spoil(Fault.DEAF, "redis", 1);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({
        "LATE, redis", "STUCK, redis", "DEAF, redis", "CUT, redis",
        "LATE, zookeeper", "STUCK, zookeeper", "DEAF, zookeeper", "CUT, zookeeper",
        "LATE, etcd", "STUCK, etcd", "DEAF, etcd", "CUT, etcd"
    })
    void whateverTheWayDoesNoIdIsRepeated(Fault fault, String type) throws Exception {
        spoil(fault, type, 2);
    }

    private void spoil(Fault fault, String type, int times) throws Exception {
        try (Backend backend = Backend.start(type, directory);
                Proxy proxy = Proxy.to(backend.host(), backend.port())) {
            String reservation =
                    """

                    reservation: {ahead: 3s, renewEvery: 500ms, takeoverGrace: 1s, guard: 1s}
                    generators: {default: {%s}}
                    """
                            .formatted(FaultRun.layout(3));
            String spoiled = backend.yamlThrough(proxy.port()) + reservation;
            try (FaultRun run = FaultRun.of(FaultRun.times(fault.words, times), backend.toString(), directory)
                    .nodeBits(3)
                    .start(spoiled, spoiled, backend.yaml() + reservation)) {
                for (int i = 0; i < times; i++) {
                    run.pass(Duration.ofSeconds(3));
                    spoilOnce(run, fault, proxy);
                }
                assertThat(run.refusals(2))
                        .as("refusals of the server with its own way")
                        .isZero();
                assertThat(fault != Fault.DEAF || proxy.lostReplies() > 0)
                        .as("replies were lost")
                        .isTrue();
                run.finish("coordinator unavailable", "starting", "no free node", "window ahead");
            }
        }
    }

    private static void spoilOnce(FaultRun run, Fault fault, Proxy proxy) {
        long refusedBefore = run.refusals(0);
        int heard = run.server(0).log().length();
        fault.begin(proxy);
        if (fault == Fault.LATE) {
            run.pass(Duration.ofSeconds(10));
        } else {
            run.awaitLog(0, heard, "did not answer", NOTICED);
            run.await("the window to end", NOTICED, () -> run.refusals(0) > refusedBefore);
            run.pass(Duration.ofSeconds(3));
        }
        proxy.clear();
        run.awaitRecovery(RECOVERED);
    }
}
