package io.snowline.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.server.testing.Backend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * While a floor lies in the future, as in a namespace on a Redis that was not told that it is new, windows are short.
 */
@Timeout(60)
class ShortWindowsIT {

    private static final Duration MAX_WAIT = Duration.ofMillis(500);
    private static final Duration REST = Duration.ofSeconds(2);
    private static final Duration BURST = Duration.ofMillis(300);
    private static final int BURSTS = 6;

    @TempDir
    Path directory;

    /** A burst uses up the window long before it would have been renewed; then the next one is reserved immediately. */
    @Test
    void aBurstIsNotRefusedBecauseTheWindowIsShort() throws Exception {
        List<String> refused = new ArrayList<>();
        try (Backend backend = Backend.start("redis", directory);
                NodeCoordinator coordinator = backend.open();
                SnowflakeGenerator ids = SnowflakeGenerator.builder(coordinator, "default")
                        .maxLead(Duration.ofMinutes(1))
                        .maxWait(MAX_WAIT)
                        .start()) {
            assertThat(ids.awaitReady(Duration.ofSeconds(20))).isTrue();
            for (int i = 0; i < BURSTS; i++) {
                burst(ids, refused);
                LockSupport.parkNanos(REST.toNanos()); // for a store with a clock of its own
            }
        }
        assertThat(refused).isEmpty();
    }

    private static void burst(SnowflakeGenerator ids, List<String> refused) {
        long[] batch = new long[20_000];
        long began = System.nanoTime();
        while (System.nanoTime() - began < BURST.toNanos()) {
            try {
                ids.nextIds(batch);
            } catch (IdUnavailableException e) {
                refused.add(e.reason() + ": " + e.getMessage());
            }
        }
    }
}
