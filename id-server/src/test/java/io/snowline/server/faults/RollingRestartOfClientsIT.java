package io.snowline.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.client.SnowlineClient;
import io.snowline.id.IdLayout;
import io.snowline.server.testing.Backend;
import io.snowline.server.testing.Extent;
import io.snowline.server.testing.FaultTable;
import io.snowline.server.testing.Harvest;
import io.snowline.server.testing.ServerProcess;
import io.snowline.testing.Await;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three servers on Redis, without a balancer, are restarted one after the other while clients that know all three take IDs:
 * no call may fail, and every ID is compared with every other. Prints what happened when.
 */
@Tag("faults")
@ExtendWith(FaultTable.class)
@Timeout(300)
class RollingRestartOfClientsIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int ROUNDS = Extent.of(3, 1);
    private static final int CLIENTS = 6;
    private static final int BURST = 500;
    private static final int TERMINATED = 143;
    private static final IdLayout LAYOUT = IdLayout.classic(IdLayout.DEFAULT_EPOCH);

    /** The calls of a thread. */
    private record Calls(long count, long longestNanos) {

        private Calls and(Calls others) {
            return new Calls(count + others.count, Math.max(longestNanos, others.longestNanos));
        }
    }

    @TempDir
    Path directory;

    private final Harvest harvest = new Harvest();
    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<SnowlineClient> clients = new ArrayList<>();
    private final List<Future<Calls>> callers = new ArrayList<>();
    private final long began = System.nanoTime();
    private volatile boolean over;

    private void startServers(Backend redis) {
        String yaml = redis.yaml() + "\ngenerators: {default: {}}";
        ServerProcess.create(directory, yaml);
        for (String name : List.of("one", "two", "three")) {
            servers.add(ServerProcess.start(directory.resolve(name), yaml));
        }
        servers.forEach(ServerProcess::awaitReady);
    }

    private void startClients(ExecutorService threads) {
        for (int i = 0; i < CLIENTS; i++) {
            SnowlineClient client = SnowlineClient.builder("default")
                    .servers(servers.stream().map(ServerProcess::base).toArray(URI[]::new))
                    .start();
            clients.add(client);
            callers.add(threads.submit(caller(client)));
        }
        Await.until("IDs", SOON, () -> harvest.count() > CLIENTS * 10L * BURST);
    }

    /** Takes IDs one by one, in bursts, until the end or until a call fails. */
    private Callable<Calls> caller(SnowlineClient ids) {
        return () -> {
            Harvest.Taker taker = harvest.taker(LAYOUT, false);
            long[] burst = new long[BURST];
            Calls calls = new Calls(0, 0);
            while (!over) {
                for (int i = 0; i < BURST; i++) {
                    long called = System.nanoTime();
                    burst[i] = ids.nextId();
                    calls = calls.and(new Calls(1, System.nanoTime() - called));
                }
                taker.take(burst);
                Await.pause();
            }
            assertThat(taker.disorder()).isEmpty();
            return calls;
        };
    }

    private void tell(String what, Object... values) {
        System.out.printf(Locale.ROOT, "%6.2f s  ", (System.nanoTime() - began) / 1e9);
        System.out.printf(Locale.ROOT, what + "%n", values);
    }

    /** Returns how many clients ask this server first. */
    private long users(ServerProcess server) {
        return clients.stream()
                .filter(client -> client.status().server().equals(server.base()))
                .count();
    }

    /** Returns the servers, beginning with one that is used, in the order in which clients turn to them. */
    private List<ServerProcess> inOrder() {
        List<ServerProcess> order = new ArrayList<>(servers);
        while (users(order.get(0)) == 0) {
            Collections.rotate(order, -1);
        }
        return order;
    }

    private void restart(ServerProcess server) {
        String name = List.of("one", "two", "three").get(servers.indexOf(server));
        long users = users(server);
        assertThat(users).as("clients of the server").isPositive();
        tell("server %s, which %d of %d clients ask, gets SIGTERM", name, users, CLIENTS);
        assertThat(server.terminate()).isEqualTo(TERMINATED);
        tell("server %s has ended", name);
        long before = harvest.count();
        server.restart();
        server.awaitReady();
        tell("server %s is ready again; %,d IDs were taken while it was away", name, harvest.count() - before);
        assertThat(callers).as("calls that failed").noneMatch(Future::isDone);
    }

    @Test
    void noCallFailsAndNoIdIsIssuedTwice() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        Calls calls = new Calls(0, 0);
        try (Backend redis = Backend.start("redis", directory)) {
            startServers(redis);
            startClients(threads);
            for (int i = 0; i < ROUNDS; i++) {
                inOrder().forEach(this::restart);
            }
            over = true;
            for (Future<Calls> caller : callers) {
                calls = calls.and(caller.get());
            }
        } finally {
            over = true;
            threads.shutdownNow();
            clients.forEach(SnowlineClient::close);
            servers.forEach(ServerProcess::close);
        }
        Harvest.Verdict verdict = harvest.check();
        tell("%,d calls, none failed, the longest took %d ms", calls.count(), calls.longestNanos() / 1_000_000);
        tell("%,d IDs, %d of them twice", verdict.ids(), verdict.duplicates());
        FaultTable.add(new FaultTable.Row(
                FaultRun.times("three servers restarted one by one under clients", ROUNDS),
                "redis",
                verdict,
                Duration.ofNanos(System.nanoTime() - began),
                Optional.empty()));
        assertThat(verdict.ids()).isEqualTo(calls.count());
        assertThat(verdict.example()).as("an ID that was issued twice").isEmpty();
    }
}
