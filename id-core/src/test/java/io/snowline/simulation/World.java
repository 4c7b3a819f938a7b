package io.snowline.simulation;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.StoreView;
import io.snowline.id.IdLayout;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.SimulatedGenerators;
import io.snowline.id.SnowflakeGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A few processes, few node ids, one namespace, a store that may be two servers of which one is the primary, and
 * everything that can go wrong with them. One seed decides all of it.
 */
final class World {

    /** The settings of every process here: short, so that much happens in little simulated time. */
    static final ReservationSettings SETTINGS = new ReservationSettings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(4),
            Duration.ofSeconds(5));

    private static final long STORE_SKEW_MILLIS = 700;
    private static final long DEPOSED_FOR_MILLIS = 1_200;
    private static final long FAULTS_UNTIL_MILLIS = 120_000;
    private static final long HEALTHY_UNTIL_MILLIS = 240_000;
    private static final long LIVE_AGAIN_WITHIN_MILLIS = 60_000;

    private final Timeline timeline;
    private final IdLayout layout;
    private final Auditor auditor;
    private final boolean storeHasClock;
    private final SimulatedStore[] servers;
    private int primary;
    private long deposedUntil;
    private final List<Member> processes = new ArrayList<>();
    private int started;

    World(long seed) {
        timeline = new Timeline(seed);
        SplittableRandom random = timeline.random();
        storeHasClock = timeline.chance(0.7);
        layout = new IdLayout(
                41, 1 + random.nextInt(3), 2 + random.nextInt(6), Duration.ofMillis(1), IdLayout.DEFAULT_EPOCH);
        // The cap of P4 is on the store's clock and on the reference time; true time is nobody's, so clocks that are
        // off add.
        long slack = SETTINGS.ahead().toMillis() + SETTINGS.maxClockSkew().toMillis() + 2 * STORE_SKEW_MILLIS;
        auditor = new Auditor(timeline, layout, slack);
        servers = new SimulatedStore[] {server(), server()};
    }

    private SimulatedStore server() {
        return new SimulatedStore(timeline, storeHasClock, timeline.between(0, STORE_SKEW_MILLIS));
    }

    /** Runs it all. Returns how many IDs were issued and checked. */
    long run() {
        int size = 1 + timeline.random().nextInt(1 << layout.nodeBits());
        for (int i = 0; i < size; i++) {
            startProcess(i);
        }
        timeline.after(timeline.between(0, 5_000), this::misfortune);
        timeline.runUntil(FAULTS_UNTIL_MILLIS);
        heal();
        timeline.runUntil(FAULTS_UNTIL_MILLIS + LIVE_AGAIN_WITHIN_MILLIS);
        long healedAt = timeline.nowMillis();
        timeline.runUntil(HEALTHY_UNTIL_MILLIS);
        for (Member process : processes) {
            if (process.lastIssueMillis < healedAt) {
                throw new AssertionError(
                        process.name + " issues nothing, " + (timeline.nowMillis() - FAULTS_UNTIL_MILLIS)
                                + " ms after the faults stopped: " + process.generator.status());
            }
        }
        return auditor.count();
    }

    String trace() {
        return timeline.trace();
    }

    // ---- processes ----

    private final class Member {
        final int place;
        final String name;
        final SimulatedClock clock;
        final SimulatedLoop loop = new SimulatedLoop(timeline);
        final SnowflakeGenerator generator;
        boolean alive = true;
        boolean paused;
        long lastIssueMillis = -1;

        Member(int place, long wallOffset) {
            this.place = place;
            this.name = "process-" + place + "." + started++;
            this.clock = new SimulatedClock(timeline, 1 + (timeline.random().nextDouble() - 0.5) * 2e-4, wallOffset);
            this.generator = SimulatedGenerators.start(
                    SnowflakeGenerator.builder(new Router(), "orders")
                            .layout(layout)
                            .nodeIds(new NodeIdRange(0, layout.nodeCount() - 1))
                            .reservation(SETTINGS)
                            .label("place-" + place)
                            .maxLead(Duration.ofMillis(timeline.between(0, 1_000)))
                            .maxWait(Duration.ZERO)
                            .timeSource(clock)
                            .listener(event -> timeline.note(name() + " " + event.kind() + " " + event.detail())),
                    timeline.random().split(),
                    loop);
        }

        private String name() {
            return "process-" + place;
        }

        void issueForEver() {
            if (!alive) {
                return;
            }
            if (!paused) {
                issue();
            }
            timeline.after(timeline.between(1, timeline.chance(0.1) ? 3_000 : 200), this::issueForEver);
        }

        private void issue() {
            try {
                if (timeline.chance(0.7)) {
                    took(generator.nextId());
                } else {
                    long[] ids = new long[(int) timeline.between(1, 200)];
                    generator.nextIds(ids);
                    for (long id : ids) {
                        took(id);
                    }
                }
            } catch (IdUnavailableException e) {
                timeline.note(name + " has no ID: " + e.reason());
            }
        }

        private void took(long id) {
            auditor.issued(name, id);
            lastIssueMillis = timeline.nowMillis();
        }

        void crash() {
            alive = false;
            loop.kill();
        }

        void stop() {
            alive = false;
            SimulatedGenerators.beginClose(generator, loop::kill);
        }

        void pause() {
            paused = true;
            loop.pause();
        }

        void resume() {
            if (paused) {
                paused = false;
                loop.resume();
            }
        }
    }

    private void startProcess(int place) {
        Member process = new Member(place, wallOffset());
        timeline.note(process.name + " starts");
        if (place < processes.size()) {
            processes.set(place, process);
        } else {
            processes.add(process);
        }
        timeline.after(timeline.between(0, 500), process::issueForEver);
    }

    private long wallOffset() {
        return storeHasClock ? timeline.between(-2_000, 2_000) : timeline.between(0, STORE_SKEW_MILLIS);
    }

    // ---- faults ----

    private void misfortune() {
        if (timeline.nowMillis() >= FAULTS_UNTIL_MILLIS) {
            return;
        }
        Member process = processes.get(timeline.random().nextInt(processes.size()));
        switch (timeline.random().nextInt(15)) {
            case 0 -> crashAndRestart(process);
            case 1 -> stopAndRestart(process);
            case 2, 3 -> pause(process);
            case 4 -> stepWallClock(process);
            case 5 -> storm(process);
            case 6 -> storeDown();
            case 7 -> wipe();
            case 8 -> restartFromOldCopy();
            case 9 -> failOver();
            case 10 -> servers[primary].save();
            case 11 -> servers[1 - primary].copyFrom(servers[primary]);
            case 12 -> stepStoreClock();
            case 13 -> spuriousIdentity();
            default -> stillness(process);
        }
        timeline.after(timeline.between(50, 8_000), this::misfortune);
    }

    private void crashAndRestart(Member process) {
        timeline.note(process.name + " crashes");
        process.crash();
        startProcess(process.place);
    }

    private void stopAndRestart(Member process) {
        timeline.note(process.name + " stops");
        process.stop();
        startProcess(process.place);
    }

    private void pause(Member process) {
        long millis = timeline.between(1, timeline.chance(0.5) ? 2_000 : 40_000);
        timeline.note(process.name + " pauses for " + millis + " ms");
        process.pause();
        timeline.after(millis, process::resume);
    }

    private void stepWallClock(Member process) {
        long step = timeline.chance(0.5) ? timeline.between(-5_000, 5_000) : timeline.between(-3_600_000, 3_600_000);
        timeline.note(process.name + "'s wall clock steps by " + step + " ms");
        if (storeHasClock) {
            process.clock.step(step);
        } else {
            process.clock.correctTo(wallOffset()); // the guard is on these clocks, which stand in for the store's
        }
    }

    private void storm(Member process) {
        timeline.note(process.name + " has bad weather");
        process.loop.weather(new SimulatedLoop.Weather(0.3, 0.3, 800, storeHasClock ? 0.1 : 0));
        timeline.after(timeline.between(100, 30_000), () -> process.loop.weather(SimulatedLoop.Weather.FAIR));
    }

    private void storeDown() {
        SimulatedStore server = servers[primary];
        timeline.note("the store is down");
        server.up(false);
        timeline.after(timeline.between(100, 20_000), () -> server.up(true));
    }

    private void wipe() {
        timeline.note("the store is wiped");
        servers[primary].wipe();
        if (timeline.chance(0.5)) {
            servers[primary].newIdentity();
        }
    }

    private void restartFromOldCopy() {
        timeline.note("the store restarts from an old copy");
        servers[primary].restartFromSaved();
    }

    private void failOver() {
        if (timeline.nowMillis() <= deposedUntil) {
            return;
        }
        timeline.note("the store fails over to a replica that lags");
        deposedUntil = timeline.nowMillis() + DEPOSED_FOR_MILLIS;
        primary = 1 - primary;
        servers[primary].newIdentity();
        servers[primary].up(true);
    }

    private void stepStoreClock() {
        if (timeline.chance(0.5)) {
            return;
        }
        // Within the skew that the guard covers; a mad store clock has a test of its own.
        SimulatedStore server = servers[primary];
        long offset = server.unixMillis() - timeline.unixMillis();
        server.stepClock(timeline.between(0, STORE_SKEW_MILLIS) - offset);
    }

    private void spuriousIdentity() {
        timeline.note("the store's identity changes for nothing");
        servers[primary].newIdentity();
    }

    private void stillness(Member process) {
        process.loop.weather(new SimulatedLoop.Weather(1, 0, 1, 0));
        timeline.after(timeline.between(100, 15_000), () -> process.loop.weather(SimulatedLoop.Weather.FAIR));
    }

    private void heal() {
        timeline.note("the faults stop");
        deposedUntil = 0;
        for (SimulatedStore server : servers) {
            server.up(true);
        }
        for (Member process : processes) {
            process.resume();
            process.loop.weather(SimulatedLoop.Weather.FAIR);
            process.clock.correctTo(0);
        }
    }

    /** What a process is connected to: the primary, or for a while after a failover perhaps the deposed one. */
    private final class Router implements NodeCoordinator {

        private SimulatedStore server() {
            boolean toDeposed = timeline.nowMillis() < deposedUntil && timeline.chance(0.5);
            return servers[toDeposed ? 1 - primary : primary];
        }

        @Override
        public StoreView read(String namespace) {
            return server().read(namespace);
        }

        @Override
        public Replaced replace(String namespace, Replacement replacement) {
            return server().replace(namespace, replacement);
        }

        @Override
        public DistributedLock lock(String namespace, String name) {
            return server().lock(namespace, name);
        }

        @Override
        public Optional<IdLedger> ledger(String namespace) {
            return Optional.empty();
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
