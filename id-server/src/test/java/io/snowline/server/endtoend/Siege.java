package io.snowline.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.Drain;
import io.snowline.server.testing.Extent;
import io.snowline.server.testing.FaultTable;
import io.snowline.server.testing.Harvest;
import io.snowline.server.testing.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Three servers drained at full speed; one at a time is killed with SIGKILL and restarted immediately, over and over,
 * while something happens to the backend half-way. Then every ID that left a server is compared with every other.
 *
 * @param ids the minimum number of IDs
 * @param batch how many IDs a request asks for
 */
record Siege(long ids, int batch) {

    /** The minimum duration, however fast the IDs come. */
    private static final Duration AT_LEAST = Extent.of(Duration.ofSeconds(30), Duration.ofSeconds(5));

    /** The duration after which it fails. */
    private static final Duration AT_MOST = Duration.ofMinutes(4);

    private static final int SERVERS = 3;
    private static final Duration BETWEEN_KILLS = Extent.of(Duration.ofSeconds(1), Duration.ofMillis(200));

    /** Between requests, once there are enough IDs. */
    private static final Duration LEISURE = Extent.of(Duration.ZERO, Duration.ofMillis(50));

    /**
     * Makes a siege for this many IDs in its full extent, and for a tenth of them otherwise.
     *
     * @param batch how many IDs a request asks for
     */
    static Siege of(long ids, int batch) {
        return new Siege(Extent.of(ids, ids / 10), batch);
    }

    /**
     * Runs it, prints what happened, and fails if there is a duplicate or if there are too few IDs.
     *
     * @param yaml the configuration of every server
     * @param misfortune what happens to the backend in the middle, in words
     */
    void run(String backend, String misfortune, Path directory, String yaml, Runnable halfway) throws Exception {
        List<ServerProcess> servers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(SERVERS);
        try {
            for (int i = 0; i < SERVERS; i++) {
                servers.add(ServerProcess.start(directory.resolve("server-" + i), yaml));
            }
            servers.forEach(ServerProcess::awaitReady);
            lay(backend, misfortune, servers, threads, halfway);
        } finally {
            threads.shutdownNow();
            servers.forEach(ServerProcess::close);
        }
    }

    private void lay(
            String backend, String misfortune, List<ServerProcess> servers, ExecutorService threads, Runnable halfway)
            throws Exception {
        Harvest harvest = new Harvest();
        AtomicBoolean over = new AtomicBoolean();
        long began = System.nanoTime();
        List<Drain> drains = servers.stream()
                .map(server -> new Drain(server.base(), Drain.Pace.full(batch), harvest, over::get))
                .toList();
        List<Future<?>> draining = new ArrayList<>();
        drains.forEach(drain -> draining.add(threads.submit(drain)));

        int kills = 0;
        boolean happened = false;
        while (kills < SERVERS || !enough(harvest, drains, began)) {
            ServerProcess victim = servers.get(kills++ % SERVERS);
            victim.kill();
            victim.restart();
            victim.awaitReady();
            LockSupport.parkNanos(BETWEEN_KILLS.toNanos());
            if (!happened && elapsed(began).compareTo(AT_LEAST.dividedBy(2)) > 0) {
                halfway.run();
                happened = true;
            }
        }
        over.set(true);
        for (Future<?> each : draining) {
            each.get(60, TimeUnit.SECONDS);
        }
        Duration took = elapsed(began);
        Harvest.Verdict verdict = harvest.check();
        FaultTable.add(new FaultTable.Row(
                "kill -9 and instant restart, " + kills + " times; " + misfortune,
                backend,
                verdict,
                took,
                Optional.empty()));
        System.out.printf(
                "%s: %d requests refused, %d broken off%n",
                backend,
                drains.stream().mapToLong(Drain::refusals).sum(),
                drains.stream().mapToLong(Drain::failures).sum());
        assertThat(happened).as("the misfortune half-way").isTrue();
        assertThat(verdict.example()).as("an ID that was issued twice").isEmpty();
        assertThat(drains).allSatisfy(drain -> assertThat(drain.disorder()).isEmpty());
        assertThat(verdict.ids()).as("IDs within " + AT_MOST).isGreaterThanOrEqualTo(ids);
    }

    private boolean enough(Harvest harvest, List<Drain> drains, long began) {
        if (harvest.count() >= ids) {
            drains.forEach(drain -> drain.pause(LEISURE));
            return elapsed(began).compareTo(AT_LEAST) > 0;
        }
        return elapsed(began).compareTo(AT_MOST) > 0;
    }

    private static Duration elapsed(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
