package io.snowline.simulation;

import io.snowline.simulation.SimulatedBackend.Kind;
import java.util.List;

/** Makes things go wrong, one after the other, until the faults stop. */
final class Trouble {

    private static final long FAR_MILLIS = 3_600_000;
    private static final long NEAR_MILLIS = 5_000;

    private final World world;
    private final Timeline timeline;
    private final Scenario scenario;
    private final SimulatedBackend backend;
    private final Mistake mistake;
    private final List<Fault> inSeason;
    private final List<Fault> losses;
    private final long longestPauseMillis;
    private long wrongClockUntilMillis = -1;
    private long endedAtMillis = -1;

    Trouble(World world, Mistake mistake) {
        this.world = world;
        this.timeline = world.timeline();
        this.scenario = world.scenario();
        this.backend = world.backend();
        this.mistake = mistake;
        this.inSeason = List.copyOf(scenario.faults());
        this.longestPauseMillis = timeline.chance(0.5) ? 800 : 4_000;
        this.losses = inSeason.stream().filter(Fault::isLoss).toList();
    }

    void begin() {
        timeline.after(timeline.between(0, 3_000), this::next);
    }

    void end() {
        endedAtMillis = timeline.nowMillis();
    }

    long endedAtMillis() {
        return endedAtMillis;
    }

    /** How far ahead a wrong clock may have left marks and logical time. */
    long furthestJumpMillis() {
        return noClockIsSane() ? 2 * NEAR_MILLIS : 0;
    }

    private boolean noClockIsSane() {
        return scenario.wild() || (scenario.kind() == Kind.CLOCKLESS && scenario.wallSkewMillis() < 0);
    }

    private boolean over() {
        return endedAtMillis >= 0;
    }

    private void next() {
        if (!over()) {
            happens(inSeason.get(timeline.random().nextInt(inSeason.size())));
            timeline.after(timeline.between(20, longestPauseMillis), this::next);
        }
    }

    /** Lets the backend lose something now, if it ever does in this run. */
    void loss() {
        if (!losses.isEmpty()) {
            happensIfNotOver(losses.get(timeline.random().nextInt(losses.size())));
        }
    }

    private void happens(Fault fault) {
        List<World.Place> places = world.places();
        World.Place place = places.get(timeline.random().nextInt(places.size()));
        timeline.seen(fault.name());
        timeline.note(() -> fault + ", if of one process: " + place.process);
        if (fault.raisesFloor()) {
            world.auditors().forEach(Auditor::lost);
        }
        switch (fault) {
            case CRASH -> crash(place);
            case STOP -> stop(place);
            case PAUSE -> place.process.host().pause(timeline.between(1, timeline.chance(0.5) ? 1_500 : 15_000));
            case BURST -> place.process.burst(timeline.between(10, 400));
            case STORM -> weather(place.process, Network.Weather.STORM, 8_000);
            case CUT -> weather(place.process, Network.Weather.NOTHING_PASSES, 8_000);
            case THROW -> place.process.trap();
            case WALL_CLOCK -> wrongWallClock(place.process.host());
            case MONOTONIC_CLOCK -> wrongMonotonicClock(place.process.host());
            default -> happensToBackend(fault);
        }
    }

    private void happensToBackend(Fault fault) {
        SimulatedStore primary = backend.primary();
        switch (fault) {
            case STORE_CLOCK -> wrongStoreClock(timeline.chance(0.7) ? primary : backend.other());
            case STORE_DOWN -> storeDown(primary);
            case SAVE -> primary.save();
            case REPLICATE -> backend.replicate();
            case FAIL_OVER -> backend.failOver(timeline.chance(0.6));
            case FLUSH -> flush(primary);
            case DELETE_NAMESPACE -> deleteNamespace(primary);
            case RESTART_EMPTY -> primary.restartEmpty();
            case RESTART_FROM_SAVED -> primary.restartFromSaved();
            case NEW_IDENTITY -> primary.promoted();
            default -> throw new IllegalStateException("not a fault of the backend: " + fault);
        }
    }

    // ---- processes ----

    private void crash(World.Place place) {
        place.process.kill();
        startAgain(place);
    }

    private void stop(World.Place place) {
        place.process.stop();
        startAgain(place);
    }

    private void startAgain(World.Place place) {
        if (scenario.calm()) {
            timeline.after(timeline.between(0, 2_500), () -> startIfGone(place));
        } else {
            world.start(place); // immediately, so that the rest of the previous process overlaps
        }
    }

    private void startIfGone(World.Place place) {
        if (!place.process.host().alive()) {
            world.start(place);
        }
    }

    private void weather(SimulatedProcess process, Network.Weather weather, long longestMillis) {
        process.network().weather(weather);
        timeline.after(
                timeline.between(50, longestMillis), () -> process.network().weather(Network.Weather.FAIR));
    }

    // ---- clocks ----

    /**
     * Tells whether one more clock may go wrong now. Where the reference time must stay sane, one at a time does: it is
     * the median of three. For what must never happen only the servers' clocks matter; this is about which processes
     * can issue again, and when.
     */
    private boolean mayGoWrong(long forMillis) {
        if (scenario.wild() || scenario.kind() == Kind.CLOCKLESS || scenario.kind() == Kind.RESTORED) {
            return true;
        }
        if (timeline.nowMillis() <= wrongClockUntilMillis) {
            return false;
        }
        wrongClockUntilMillis = timeline.nowMillis() + forMillis + 3_000;
        return true;
    }

    private long jump() {
        boolean far = !noClockIsSane() && timeline.chance(0.5);
        long most = far ? FAR_MILLIS : NEAR_MILLIS;
        return timeline.between(-most, most);
    }

    private void wrongWallClock(Host host) {
        long millis = timeline.between(10, 10_000);
        if (mayGoWrong(millis)) {
            goWrong(host.wall);
            timeline.after(millis, () -> host.wall.correct(0));
        }
    }

    private void goWrong(SimulatedClock clock) {
        switch (timeline.random().nextInt(4)) {
            case 0 -> clock.rate(0);
            case 1 -> clock.rate(timeline.random().nextDouble() * 2);
            default -> clock.jump(jump());
        }
    }

    /** The monotonic clock never goes back; it stands still while a machine is suspended, and a hypervisor may bend it. */
    private void wrongMonotonicClock(Host host) {
        long millis = timeline.between(10, 5_000);
        if (scenario.wallSkewMillis() >= 0) {
            return; // cut off from a backend without a clock, a process and P8 rely on this one alone
        }
        if (timeline.chance(0.5)) {
            host.monotonic.rate(1 + (timeline.random().nextDouble() - 0.5) / 50);
        } else if (mayGoWrong(millis)) {
            host.monotonic.rate(timeline.chance(0.3) ? 0 : timeline.random().nextDouble() * 2);
            timeline.after(millis, () -> host.monotonic.rate(1));
        }
    }

    /** A server's clock that P8 computes with stays within its bounds, whatever is done to it here. */
    private void wrongStoreClock(SimulatedStore server) {
        long millis = timeline.between(10, 10_000);
        if (scenario.storeSkewMillis() >= 0) {
            server.clock.rate(1);
            goWrong(server.clock);
            if (timeline.chance(0.5)) {
                server.clock.correct(timeline.between(0, scenario.storeSkewMillis()));
            }
        } else if (timeline.nowMillis() > 6_000 && mayGoWrong(millis)) {
            goWrong(server.clock);
            timeline.after(millis, () -> server.clock.correct(0));
        }
    }

    // ---- the backend ----

    private void storeDown(SimulatedStore server) {
        server.up(false);
        timeline.after(timeline.between(10, 8_000), () -> server.up(true));
    }

    /** Forgets everything under the same identity. */
    private void flush(SimulatedStore server) {
        if (mistake == Mistake.ONE_NODE_RECORD_LOST) {
            server.loseANodeRecord();
        } else {
            server.flush();
        }
        forgotten(Fault.FLUSH);
    }

    /**
     * An operator deletes the records of one namespace. In a backend without a clock, the floor is about to be computed
     * from a wall clock, which is set back just then.
     */
    private void deleteNamespace(SimulatedStore server) {
        World.Place place =
                world.places().get(timeline.random().nextInt(world.places().size()));
        server.delete(place.group.namespace());
        if (timeline.chance(0.3)) {
            server.save(); // for stale reads
        }
        if (scenario.wallSkewMillis() >= 0 && !scenario.calm()) {
            world.setWallClocks(false);
            timeline.after(timeline.between(500, 4_000), () -> world.setWallClocks(true));
        }
        if (mistake == Mistake.CREATED_WHILE_IN_USE && server.isUp()) {
            place.process.createNamespace();
        }
        forgotten(Fault.DELETE_NAMESPACE);
    }

    /**
     * Requests get stuck just after the backend has forgotten something, including those that write it anew. They
     * arrive when the backend forgets again, after others have written it anew.
     */
    private void forgotten(Fault fault) {
        if (scenario.calm()) {
            return;
        }
        if (timeline.chance(0.5)) {
            world.stuck().arriveNow();
        }
        world.stuck().likelyFor(timeline.chance(0.5) ? 60 : 1_500);
        boolean rollout = !scenario.raisedBy().isZero(); // half of the guard is longest then
        if (!over() && timeline.chance(rollout ? 0.7 : 0.3)) {
            timeline.after(timeline.between(200, rollout ? 1_500 : 3_000), () -> happensIfNotOver(fault));
        }
    }

    private void happensIfNotOver(Fault fault) {
        if (!over()) {
            happens(fault);
        }
    }
}
