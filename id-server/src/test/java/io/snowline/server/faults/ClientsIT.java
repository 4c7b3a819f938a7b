package io.snowline.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.client.SnowlineClient;
import io.snowline.id.IdLayout;
import io.snowline.server.testing.Drain;
import io.snowline.server.testing.Extent;
import io.snowline.server.testing.FaultTable;
import io.snowline.server.testing.Harvest;
import io.snowline.server.testing.ServerProcess;
import io.snowline.testing.Await;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that compose IDs from ranges, next to connections that take them in batches, while one of two servers is killed and
 * restarted: every ID is compared with every other, and no call may fail.
 */
@Tag("faults")
@ExtendWith(FaultTable.class)
@Timeout(600)
class ClientsIT {

    private static final int THREADS = 8;
    private static final int BATCH = 1_000;
    private static final int KILLS = Extent.of(10, 3);
    private static final long IDS = Extent.of(100_000_000L, 5_000_000L);
    private static final IdLayout LAYOUT = new IdLayout(41, 8, 14, Duration.ofMillis(1), IdLayout.DEFAULT_EPOCH);

    @TempDir
    Path directory;

    private final Harvest harvest = new Harvest();
    private final List<ServerProcess> servers = new ArrayList<>();
    private volatile boolean over;

    private void startServers() {
        String yaml =
                """
                coordination: {type: local, directory: '%s'}
                generators: {default: {%s}}
                """
                        .formatted(directory.resolve("data"), FaultRun.layout(8));
        for (int i = 0; i < 2; i++) {
            servers.add(ServerProcess.start(directory.resolve("server-" + i), yaml));
        }
        servers.forEach(ServerProcess::awaitReady);
    }

    private SnowlineClient client() {
        return SnowlineClient.builder("default")
                .servers(servers.stream().map(ServerProcess::base).toArray(URI[]::new))
                .maxWait(Duration.ofSeconds(5))
                .start();
    }

    /** What a thread saw: how often an ID was below the one before. */
    private Callable<Integer> caller(SnowlineClient ids, boolean oneByOne) {
        return () -> {
            Harvest.Taker taker = harvest.taker(LAYOUT, false);
            long[] batch = new long[BATCH];
            long newest = -1;
            int descents = 0;
            while (!over) {
                if (oneByOne) {
                    for (int i = 0; i < BATCH; i++) {
                        batch[i] = ids.nextId();
                    }
                } else {
                    ids.nextIds(batch);
                }
                for (long id : batch) {
                    descents += id < newest ? 1 : 0;
                    newest = id;
                }
                taker.take(batch);
                assertThat(taker.disorder()).isEmpty();
            }
            return descents;
        };
    }

    @Test
    void whileOneOfTwoServersIsKilledOverAndOverNoCallFailsAndNoIdIsIssuedTwice() throws Exception {
        startServers();
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<Integer>> callers = new ArrayList<>();
        long began = System.nanoTime();
        try (SnowlineClient one = client();
                SnowlineClient other = client()) {
            for (int i = 0; i < THREADS; i++) {
                callers.add(threads.submit(caller(i % 4 < 2 ? one : other, i % 2 == 0)));
            }
            Drain.Pace pace = new Drain.Pace(1_000, Duration.ofMillis(10), LAYOUT, true, false);
            List<Future<?>> drains = Stream.of(0, 1)
                    .<Future<?>>map(i -> threads.submit(new Drain(servers.get(i).base(), pace, harvest, () -> over)))
                    .toList();
            for (int i = 0; i < KILLS; i++) {
                servers.get(1).kill();
                servers.get(1).restart();
                servers.get(1).awaitReady();
            }
            Await.until("enough IDs", Duration.ofMinutes(5), () -> harvest.count() >= IDS || anyDone(callers));
            over = true;
            for (Future<?> drain : drains) {
                drain.get();
            }
            for (Future<Integer> caller : callers) {
                assertThat(caller.get())
                        .as("IDs below the one before: the client had moved to another server")
                        .isLessThanOrEqualTo(KILLS);
            }
        } finally {
            over = true;
            threads.shutdownNow();
            servers.forEach(ServerProcess::close);
        }
        Harvest.Verdict verdict = harvest.check();
        FaultTable.add(new FaultTable.Row(
                FaultRun.times("a client's server killed -9 and restarted", KILLS),
                "local",
                verdict,
                Duration.ofNanos(System.nanoTime() - began),
                Optional.empty()));
        assertThat(verdict.ids()).isGreaterThanOrEqualTo(IDS);
        assertThat(verdict.example()).as("an ID that was issued twice").isEmpty();
    }

    private static boolean anyDone(List<Future<Integer>> callers) {
        return callers.stream().anyMatch(Future::isDone);
    }
}
