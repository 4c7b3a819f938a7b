package io.snowline.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.id.IdLayout;
import io.snowline.server.testing.Drain;
import io.snowline.server.testing.Extent;
import io.snowline.server.testing.FaultTable;
import io.snowline.server.testing.Harvest;
import io.snowline.server.testing.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Servers from the real jar that are drained all the time, in binary batches, by one connection or more each, while a
 * test does something to them or to their backend. At the end every ID is compared with every other, and the order in
 * which each connection got its IDs is checked.
 *
 * <pre>{@code
 * try (FaultRun run = FaultRun.of("leader killed", "etcd", directory).start(yaml, yaml, yaml)) {
 *     run.pass(Duration.ofSeconds(5));
 *     cluster.leader().kill();
 *     run.awaitRecovery(Duration.ofSeconds(5));
 *     run.pass(Duration.ofSeconds(5));
 *     run.finish();                            // no duplicate, no disorder, no request refused
 * }
 * }</pre>
 *
 * <p>Not thread-safe.
 */
final class FaultRun implements AutoCloseable {

    private static final Duration STEP = Duration.ofMillis(20);
    private static final Duration BETWEEN_REQUESTS = Extent.of(Duration.ofMillis(4), Duration.ofMillis(25));
    private static final Duration LONGEST_END = Duration.ofSeconds(90);

    /** The description of a run, before it starts. */
    static final class Setup {

        private final String fault;
        private final String backend;
        private final Path directory;
        private IdLayout layout = wide(8);
        private boolean oneLane = true;
        private int connections = 1;
        private Map<String, String> environment = Map.of();
        private int waitFor = Integer.MAX_VALUE;

        private Setup(String fault, String backend, Path directory) {
            this.fault = fault;
            this.backend = backend;
            this.directory = directory;
        }

        /** Sets how many bits of the {@linkplain FaultRun#layout layout} are the node id's; 8 if this is not called. */
        Setup nodeBits(int nodeBits) {
            layout = wide(nodeBits);
            return this;
        }

        /** Tells the run that servers have several lanes: then IDs grow only within each node id. */
        Setup severalLanes() {
            oneLane = false;
            return this;
        }

        /** Sets how many connections drain each server; one if this is not called. */
        Setup connections(int count) {
            connections = count;
            return this;
        }

        /** Sets environment variables of the servers. */
        Setup environment(Map<String, String> variables) {
            environment = variables;
            return this;
        }

        /**
         * Starts the other servers when the first ones are ready, and without waiting for them: they lack node ids, so
         * they cannot become ready.
         */
        Setup waitingForTheFirst(int servers) {
            waitFor = servers;
            return this;
        }

        /** Starts a server for each configuration, waits until they issue, and begins to drain them. */
        FaultRun start(String... yaml) {
            FaultRun run = new FaultRun(this);
            try {
                int first = Math.min(waitFor, yaml.length);
                for (int i = 0; i < first; i++) {
                    launch(run, yaml[i]);
                }
                run.servers.forEach(ServerProcess::awaitReady);
                for (int i = first; i < yaml.length; i++) {
                    launch(run, yaml[i]).awaitListening();
                }
                run.drain();
                return run;
            } catch (RuntimeException e) {
                run.close();
                throw e;
            }
        }

        private ServerProcess launch(FaultRun run, String yaml) {
            Path where = directory.resolve("server-" + run.servers.size());
            ServerProcess server = ServerProcess.start(where, yaml, environment);
            run.servers.add(server);
            return server;
        }
    }

    private final Setup setup;
    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<List<Drain>> drains = new ArrayList<>();
    private final List<Future<?>> draining = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Harvest harvest = new Harvest();
    private long began;
    private Duration took = Duration.ZERO;
    private Optional<Duration> recovery = Optional.empty();
    private long refusalsAtRecovery;
    private volatile boolean over;

    private FaultRun(Setup setup) {
        this.setup = setup;
    }

    /**
     * Begins to describe a run.
     *
     * @param fault what will be done, for the table of faults
     * @param backend what the servers run on, for the table of faults
     * @param directory where the servers run
     */
    static Setup of(String fault, String backend, Path directory) {
        return new Setup(fault, backend, directory);
    }

    /** Returns the words in which the table says that something is done this often. */
    static String times(String fault, int times) {
        return times == 1 ? fault : fault + ", " + times + " times";
    }

    /** Returns a layout of 63 bits with few node ids, so that no server has to wait for the next tick. */
    private static IdLayout wide(int nodeBits) {
        return new IdLayout(41, nodeBits, 22 - nodeBits, Duration.ofMillis(1), IdLayout.DEFAULT_EPOCH);
    }

    /** Returns the same layout, for the YAML block of a generator. */
    static String layout(int nodeBits) {
        return "layout: {timestampBits: 41, nodeBits: %d, sequenceBits: %d}".formatted(nodeBits, 22 - nodeBits);
    }

    private void drain() {
        began = System.nanoTime();
        Drain.Pace pace = new Drain.Pace(10_000, BETWEEN_REQUESTS, setup.layout, setup.oneLane, false);
        for (ServerProcess server : servers) {
            List<Drain> ofServer = Stream.generate(() -> new Drain(server.base(), pace, harvest, () -> over))
                    .limit(setup.connections)
                    .toList();
            drains.add(ofServer);
            ofServer.forEach(drain -> draining.add(threads.submit(drain)));
        }
    }

    /** Returns a server, in the order in which they were given. */
    ServerProcess server(int index) {
        return servers.get(index);
    }

    /** Returns how many requests to a server were refused with 503. */
    long refusals(int server) {
        return drains.get(server).stream().mapToLong(Drain::refusals).sum();
    }

    /** Returns how many requests to all servers were refused with 503. */
    long refusals() {
        return all().mapToLong(Drain::refusals).sum();
    }

    private Stream<Drain> all() {
        return drains.stream().flatMap(List::stream);
    }

    // ---- time ----

    /** Lets time pass, and fails as soon as a connection gets an answer other than IDs or 503. */
    void pass(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - until < 0) {
            requireDraining();
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    /** Waits until a condition holds. */
    void await(String what, Duration bound, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            requireDraining();
            if (System.nanoTime() - start > bound.toNanos()) {
                throw new AssertionError("waited %s in vain for %s; the logs:%n%s".formatted(bound, what, logs()));
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    /** Waits until a server's log says something after a given point of the log. */
    void awaitLog(int server, int after, String text, Duration bound) {
        await(
                "server %d to say '%s'".formatted(server, text),
                bound,
                () -> server(server).log().substring(after).contains(text));
    }

    /** Returns how much each server has said so far, for {@link #awaitLogOfAny}. */
    int[] heard() {
        return servers.stream().mapToInt(server -> server.log().length()).toArray();
    }

    /** Waits until the log of at least one server says something after the given points. */
    void awaitLogOfAny(int[] heard, String text, Duration bound) {
        await("a server to say '%s'".formatted(text), bound, () -> IntStream.range(0, servers.size())
                .anyMatch(i -> server(i).log().substring(heard[i]).contains(text)));
    }

    /**
     * Tells the run that the fault is over, and waits until each connection has got an answer to a request that it has
     * sent since. From then on no request may be refused.
     */
    void awaitRecovery(Duration bound) {
        Duration wait = awaitIds(all().toList(), bound);
        recovery = Optional.of(
                recovery.filter(longest -> longest.compareTo(wait) > 0).orElse(wait));
        refusalsAtRecovery = refusals();
    }

    /** Waits until each connection to one server has got an answer to a request that it has sent since. */
    void awaitIds(int server, Duration bound) {
        var unused = awaitIds(drains.get(server), bound);
    }

    private Duration awaitIds(List<Drain> those, Duration bound) {
        long now = System.nanoTime();
        await("IDs on every connection", bound, () -> those.stream()
                .allMatch(drain -> drain.answeredRequestOfNanos() - now > 0));
        return Duration.ofNanos(System.nanoTime() - now);
    }

    private void requireDraining() {
        for (Future<?> each : draining) {
            if (each.isDone()) {
                throw new AssertionError("a connection ended: " + outcome(each) + "; the logs:\n" + logs());
            }
        }
    }

    private static String outcome(Future<?> drain) {
        try {
            return "with " + drain.get(LONGEST_END.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }

    private String logs() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < servers.size(); i++) {
            all.append("---- server ")
                    .append(i)
                    .append('\n')
                    .append(servers.get(i).log());
        }
        return all.toString();
    }

    // ---- the end ----

    /**
     * Ends the draining, compares all IDs, adds a row to the table of faults, and fails if there is an ID twice or out
     * of order, or if a request was refused that must not have been.
     *
     * @param allowed why requests may have been refused before the recovery, in the words of the answers: {@code no free node}
     */
    void finish(String... allowed) {
        Harvest.Verdict verdict = stop();
        FaultTable.add(new FaultTable.Row(setup.fault, setup.backend, verdict, took, recovery));
        assertThat(verdict.example()).as("an ID that was issued twice").isEmpty();
        assertThat(all()).allSatisfy(drain -> {
            assertThat(drain.disorder()).isEmpty();
            assertThat(drain.answers()).as("answers to a connection").isPositive();
            assertThat(drain.refusalTexts().keySet())
                    .as("refusals but for " + List.of(allowed))
                    .allMatch(text -> Stream.of(allowed).anyMatch(text::contains));
        });
        if (recovery.isPresent()) {
            assertThat(refusals())
                    .as("requests refused after the recovery, too")
                    .isEqualTo(refusalsAtRecovery);
        }
    }

    /** Ends the draining, and compares all IDs. */
    Harvest.Verdict stop() {
        requireDraining();
        over = true;
        draining.forEach(
                each -> assertThat(outcome(each)).as("how a connection ended").isEqualTo("with null"));
        took = Duration.ofNanos(System.nanoTime() - began);
        return harvest.check();
    }

    @Override
    public void close() {
        over = true;
        threads.shutdownNow();
        servers.forEach(ServerProcess::close);
    }
}
