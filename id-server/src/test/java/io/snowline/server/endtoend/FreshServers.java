package io.snowline.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.id.IdLayout;
import io.snowline.server.testing.Drain;
import io.snowline.server.testing.FaultTable;
import io.snowline.server.testing.Harvest;
import io.snowline.server.testing.Hiccups;
import io.snowline.server.testing.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Three servers that are started together, each drained by one connection at full speed from the moment it says that it
 * is ready. At the end every ID is compared with every other, and the IDs of each connection must grow, even across
 * restarts of its server.
 *
 * <p>Not thread-safe.
 */
final class FreshServers implements AutoCloseable {

    /**
     * 128 IDs per millisecond. One connection drives a server with this layout to its limit, and leaves the processors
     * free for everything else: with the default layout a small machine would slow three servers down long before their
     * limit.
     */
    private static final IdLayout LAYOUT = new IdLayout(41, 15, 7, Duration.ofMillis(1), IdLayout.DEFAULT_EPOCH);

    private static final String FAST_START = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    private static final int SERVERS = 3;
    private static final int BATCH = 2500;
    private static final Duration STARTED = Duration.ofSeconds(60);
    private static final Duration LEAD_COMES_DOWN = Duration.ofSeconds(2);
    private static final Duration PAUSE_BETWEEN_REQUESTS = Duration.ofMillis(25);
    private static final long STEP_NANOS = 10_000_000;

    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<Drain> drains = new ArrayList<>();
    private final List<Future<?>> draining = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(SERVERS);
    private final Harvest harvest = new Harvest();
    private final Hiccups hiccups = Hiccups.start();
    private final long began = System.nanoTime();
    private long readyNanos;
    private long takenWhenReady;
    private volatile boolean over;

    private FreshServers() {}

    /** Returns a namespace with this layout, in YAML. */
    static String generators() {
        return "generators: {default: {layout: {timestampBits: %d, nodeBits: %d, sequenceBits: %d, tick: %dms}}}"
                .formatted(
                        LAYOUT.timestampBits(),
                        LAYOUT.nodeBits(),
                        LAYOUT.sequenceBits(),
                        LAYOUT.tick().toMillis());
    }

    /**
     * Starts them, and waits until each has issued IDs.
     *
     * @param yaml their configuration, with {@link #generators}
     */
    static FreshServers start(Path directory, String yaml) {
        Map<String, String> environment = Map.of("JAVA_TOOL_OPTIONS", FAST_START);
        FreshServers started = new FreshServers();
        try {
            for (int i = 0; i < SERVERS; i++) {
                started.start(ServerProcess.start(directory.resolve("server-" + i), yaml, environment));
            }
            started.await("the first IDs of every server", STARTED, () -> started.drains.stream()
                    .allMatch(drain -> drain.first().isPresent()));
            started.hiccups.close();
            started.readyNanos = System.nanoTime();
            started.takenWhenReady = started.harvest.count();
            return started;
        } catch (RuntimeException | Error e) {
            started.close();
            throw e;
        }
    }

    private void start(ServerProcess server) {
        Drain drain = new Drain(server.base(), Drain.Pace.fullAcrossRestarts(BATCH, LAYOUT), harvest, () -> over);
        servers.add(server);
        drains.add(drain);
        draining.add(threads.submit(() -> {
            var unused = server.awaitReady();
            drain.run();
        }));
    }

    /**
     * Checks that the first IDs of every server carry the time between request and answer, within a tolerance that
     * includes the waits that this machine imposes on threads: meanwhile a server reads its backend's clock, confirms
     * its node id, and receives a request.
     */
    void assertThatFirstIdsCarryThePresent(Duration onAQuietMachine) {
        Duration tolerance = onAQuietMachine.plus(hiccups.longest().multipliedBy(3));
        assertThat(drains).allSatisfy(drain -> {
            Drain.First first = drain.first().orElseThrow();
            assertThat(LAYOUT.decode(first.id()).timestamp().toEpochMilli())
                    .as("the time in the first ID, in milliseconds since 1970, give or take %s", tolerance)
                    .isBetween(
                            first.sentMillis() - tolerance.toMillis(), first.answeredMillis() + tolerance.toMillis());
        });
    }

    /**
     * Checks that since all servers were ready more IDs were taken than below a raised floor, where the layout gives
     * half as many.
     */
    void assertThatTheyWereDrainedAtFullSpeed() {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - readyNanos);
        long limit = SERVERS * (elapsed.toMillis() << LAYOUT.sequenceBits());
        assertThat(harvest.count() - takenWhenReady)
                .as("IDs taken in %s, of %d at most", elapsed, limit)
                .isGreaterThan(limit * 5 / 8);
    }

    /** Lets time pass while the servers are drained. */
    void pass(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - until < 0) {
            requireDraining();
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    /** Waits until every server has said something in its log. */
    void awaitThatEachSays(String text, Duration bound) {
        await("'%s' in every log".formatted(text), bound, () -> servers.stream()
                .allMatch(server -> server.log().contains(text)));
    }

    /** Checks that no request was refused so far. */
    void assertThatNothingWasRefused() {
        for (int i = 0; i < SERVERS; i++) {
            assertThat(drains.get(i).refusalTexts())
                    .as(
                            "what a server refused since it was ready; its log:%n%s",
                            servers.get(i).log())
                    .isEmpty();
        }
    }

    /**
     * Kills one server after the other with SIGKILL and restarts it immediately; the next is killed while it starts.
     * The servers that still run are drained further, but not at full speed: a server that starts within less than
     * {@code maxLead} knows nothing of the lead that it had.
     */
    void killAndRestart(int times) {
        drains.forEach(Drain::hold);
        pass(LEAD_COMES_DOWN);
        drains.forEach(drain -> drain.pause(PAUSE_BETWEEN_REQUESTS));
        drains.forEach(Drain::release);
        for (int i = 0; i < times; i++) {
            servers.get(i % SERVERS).kill();
            drains.get(i % SERVERS).hold();
            servers.get(i % SERVERS).restart();
            if (i > 0) {
                awaitIdsAgain((i - 1) % SERVERS);
            }
        }
        awaitIdsAgain((times - 1) % SERVERS);
    }

    private void awaitIdsAgain(int restarted) {
        servers.get(restarted).awaitReady();
        Drain drain = drains.get(restarted);
        long answers = drain.answers();
        drain.release();
        await("IDs of the server that was started again", STARTED, () -> drain.answers() > answers);
    }

    /** Ends the draining, and checks that there are no duplicates and that each connection's IDs always grew. */
    void finish(String fault, String backend) throws Exception {
        requireDraining();
        over = true;
        for (Future<?> each : draining) {
            each.get(STARTED.toSeconds(), TimeUnit.SECONDS);
        }
        Harvest.Verdict verdict = harvest.check();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        FaultTable.add(new FaultTable.Row(fault, backend, verdict, took, Optional.empty()));
        assertThat(verdict.example()).as("an ID that was issued twice").isEmpty();
        assertThat(drains).allSatisfy(drain -> assertThat(drain.disorder()).isEmpty());
    }

    private void await(String what, Duration bound, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            requireDraining();
            if (System.nanoTime() - start > bound.toNanos()) {
                throw new AssertionError("waited %s in vain for %s; the logs:%n%s".formatted(bound, what, logs()));
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    private void requireDraining() {
        for (Future<?> each : draining) {
            if (each.isDone()) {
                throw new AssertionError("a connection ended: " + each + "; the logs:\n" + logs());
            }
        }
    }

    private String logs() {
        return String.join("----\n", servers.stream().map(ServerProcess::log).toList());
    }

    @Override
    public void close() {
        over = true;
        hiccups.close();
        threads.shutdownNow();
        servers.forEach(ServerProcess::close);
    }
}
