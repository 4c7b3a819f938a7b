package io.snowline.simulation;

import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.ReservationSettings;
import io.snowline.id.GeneratorBuilder;
import io.snowline.id.IdGenerator;
import io.snowline.id.IdRange;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SimulatedGenerators;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.simulated.SimulatedThread;
import java.time.Duration;

/** One process of a simulated run, from its start to its end: the real generator, and callers who ask it for IDs. */
final class SimulatedProcess {

    /** A round takes a few calls to the coordinator; a request that waits for less need never get its turn. */
    private static final long ROUND_MILLIS = 20;

    private static final double STUMBLES = 0.01;
    private static final long CLOSE_TAKES_MILLIS = 5_000;

    private final World world;
    private final Timeline timeline;
    private final Scenario.Group group;
    private final Auditor auditor;
    private final Host host;
    private final Network network;
    private final ReservationSettings settings;
    private final String label;
    private final int number;
    private final SimulatedCoordinator coordinator;
    private final IdGenerator generator;
    private final Duration maxLead;
    private final long startedAtMillis;
    private final long pausePerCallMillis;
    private int lanesToRelease;
    private long newest = -1;
    private long newestOfItsOwn = -1;
    private long lastIssueMillis = -1;
    private long burstUntilMillis;

    SimulatedProcess(World world, Scenario.Group group, Auditor auditor, String label, ReservationSettings settings) {
        this.world = world;
        this.timeline = world.timeline();
        this.group = group;
        this.auditor = auditor;
        this.label = label;
        this.settings = settings;
        this.host = world.newHost();
        this.network = world.newNetwork();
        this.number = auditor.enrol(this);
        this.lanesToRelease = group.lanes();
        this.pausePerCallMillis = timeline.between(5, 150) * (recorded() ? 15 : 1);
        this.maxLead = Duration.ofMillis(timeline.chance(0.3) ? 0 : timeline.between(0, 1_000));
        this.startedAtMillis = timeline.nowMillis();
        this.coordinator = new SimulatedCoordinator(timeline, world.backend(), network, this, world.scenario());
        if (world.toCreate(group)) {
            createNamespace();
        }
        this.generator = recorded() ? recordedGenerator() : leasedGenerator();
        timeline.note(() -> this + " starts, ahead " + settings.ahead() + ", guard " + settings.guard());
        timeline.after(timeline.between(0, 300), this::callForEver);
    }

    private boolean recorded() {
        return group.mode() == IssuingMode.RECORDED;
    }

    /** An operator makes the namespace with the command, whatever is going on. */
    void createNamespace() {
        GeneratorBuilder<?> builder = recorded()
                ? RecordedIdGenerator.builder(coordinator, group.namespace())
                : SnowflakeGenerator.builder(coordinator, group.namespace());
        builder.layout(group.layout())
                .nodeIds(group.nodeIds())
                .reservation(settings)
                .label("operator")
                .timeSource(host);
        world.backend().at(world.backend().primary(), this, () -> {
            auditor.beginsByOperator();
            return SimulatedGenerators.created(builder, timeline.random().split());
        });
    }

    private SnowflakeGenerator leasedGenerator() {
        return SimulatedGenerators.start(
                SnowflakeGenerator.builder(coordinator, group.namespace())
                        .layout(group.layout())
                        .nodeIds(group.nodeIds())
                        .reservation(settings)
                        .label(label)
                        .lanes(group.lanes())
                        .maxLead(maxLead)
                        .maxWait(Duration.ZERO)
                        .timeSource(host)
                        .listener(this::heard),
                timeline.random().split(),
                name -> new SimulatedLoop(timeline, host, network, false),
                host.locks);
    }

    private RecordedIdGenerator recordedGenerator() {
        return SimulatedGenerators.start(
                RecordedIdGenerator.builder(coordinator, group.namespace())
                        .layout(group.layout())
                        .nodeIds(group.nodeIds())
                        .reservation(settings)
                        .label(label)
                        .ledger(group.ledger())
                        .maxWait(Duration.ofMillis(timeline.between(ROUND_MILLIS, timeline.chance(0.2) ? 1_000 : 50)))
                        .timeSource(host)
                        .listener(this::heard),
                timeline.random().split(),
                name -> new SimulatedLoop(timeline, host, network, true));
    }

    private void heard(LeaseEvent event) {
        timeline.seen(event.kind().name());
        timeline.note(() -> this + " " + event.kind() + ": " + event.detail());
        host.trapTouched();
    }

    // ---- callers ----

    private void callForEver() {
        if (host.alive()) {
            if (!host.paused()) {
                call();
            }
            timeline.after(timeline.between(0, longestPauseMillis()), this::callForEver);
        }
    }

    private long longestPauseMillis() {
        if (world.watched()) {
            return 400;
        }
        return bursting() ? 3 : 2 * pausePerCallMillis;
    }

    private void call() {
        if (recorded()) {
            host.thread(() -> callHere(this::takeRecorded));
        } else if (timeline.chance(STUMBLES)) {
            host.stumblingThread(() -> callHere(() -> takeLeased(false)));
        } else {
            callHere(() -> takeLeased(true));
        }
    }

    private void callHere(Runnable take) {
        SimulatedThread.becomeCaller(timeline.between(0, 3));
        try {
            take.run();
        } catch (IdUnavailableException e) {
            timeline.seen(e.reason().name());
            timeline.note(() -> this + " has no ID: " + e.getMessage());
            auditor.refused(this, e);
        } catch (RuntimeException | Error e) {
            if (!Planted.is(e)) {
                throw e;
            }
        }
    }

    /**
     * With one lane, one caller's IDs grow, and so do those of successive callers.
     *
     * @param atOnce whether nothing else happens during the call
     */
    private void takeLeased(boolean atOnce) {
        long newestBefore = newest; // other calls go on while this one stumbles
        long[] ids = timeline.chance(0.7) ? oneByOne() : batch();
        boolean oneLane = group.lanes() == 1;
        auditor.issued(this, ids, oneLane ? newestBefore : -1, oneLane, atOnce);
        took(ids);
    }

    private long[] oneByOne() {
        long[] ids = new long[bursting() && timeline.chance(0.5) ? 60 : 1];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = generator.nextId();
        }
        return ids;
    }

    private void takeRecorded() {
        if (timeline.chance(0.4)) {
            takeOfItsOwn();
        } else {
            takeNamed();
        }
    }

    /** One process' IDs without a named node id grow for successive callers, even if its node id changes. */
    private void takeOfItsOwn() {
        long above = newestOfItsOwn;
        long[] ids = batch();
        auditor.issued(this, ids, above, true, false);
        newestOfItsOwn = Math.max(newestOfItsOwn, ids[ids.length - 1]);
        took(ids);
    }

    /** IDs of one node id grow, whichever process issues them, unless two servers believe they are the primary. */
    private void takeNamed() {
        int node =
                (int) timeline.between(group.nodeIds().first(), group.nodeIds().last());
        long newestBefore = world.scenario().faults().contains(Fault.FAIL_OVER) ? -1 : auditor.newest(node);
        long[] ids = new long[(int) timeline.between(1, longestBatch())];
        ((RecordedIdGenerator) generator).nextIds(node, ids);
        auditor.issued(this, ids, newestBefore, true, false);
        took(ids);
    }

    private long[] batch() {
        long[] ids = new long[(int) timeline.between(1, longestBatch())];
        if (generator instanceof SnowflakeGenerator leased && ids.length % 3 == 0) {
            composeRanges(leased, ids);
        } else {
            generator.nextIds(ids);
        }
        return ids;
    }

    /** Takes a batch as a client of the service does. */
    private static void composeRanges(SnowflakeGenerator leased, long[] ids) {
        int filled = 0;
        while (filled < ids.length) {
            IdRange range = leased.nextRange(ids.length - filled, Duration.ZERO);
            range.copyInto(ids, filled);
            filled += range.count();
        }
    }

    private long longestBatch() {
        return bursting() ? 300 : 12;
    }

    private boolean bursting() {
        return timeline.nowMillis() < burstUntilMillis;
    }

    private void took(long[] ids) {
        newest = Math.max(newest, ids[ids.length - 1]);
        lastIssueMillis = timeline.nowMillis();
    }

    void burst(long millis) {
        burstUntilMillis = timeline.nowMillis() + millis;
    }

    /** Arms a trap: something is thrown somewhere in the code of leased mode, once or several times in a row. */
    void trap() {
        if (!recorded()) {
            host.trap(timeline.between(0, 200), timeline.between(1, 4));
        }
    }

    // ---- life ----

    /** Stops as a server does: callers go on while it gives back its node ids; some time later it ends in any case. */
    void stop() {
        timeline.note(() -> this + " stops");
        timeline.after(CLOSE_TAKES_MILLIS, this::kill);
        host.run(this::beginClose);
    }

    private void beginClose() {
        if (generator instanceof SnowflakeGenerator leased) {
            SimulatedGenerators.beginClose(leased, this::laneReleased);
        } else {
            SimulatedGenerators.beginClose((RecordedIdGenerator) generator);
        }
    }

    private void laneReleased() {
        lanesToRelease--;
        if (lanesToRelease == 0) {
            timeline.note(() -> this + " has given back what it held");
            timeline.after(timeline.between(0, 200), this::kill);
        }
    }

    void kill() {
        if (host.alive()) {
            timeline.note(() -> this + " is gone");
            host.kill();
        }
    }

    // ---- what others ask ----

    /** Takes the place of another process, which is gone or going. */
    void follows(SimulatedProcess before) {
        auditor.follows(this, before);
    }

    ReservationSettings settings() {
        return settings;
    }

    Duration maxLead() {
        return maxLead;
    }

    boolean leased() {
        return !recorded();
    }

    long startedAtMillis() {
        return startedAtMillis;
    }

    /** Returns the newest ID that was issued; -1 if there is none. */
    long newest() {
        return newest;
    }

    /** Tells whether, a moment ago, callers asked for as many IDs as they could. */
    boolean burstLately() {
        return timeline.nowMillis() < burstUntilMillis + 1_000;
    }

    Host host() {
        return host;
    }

    Network network() {
        return network;
    }

    Auditor auditor() {
        return auditor;
    }

    int number() {
        return number;
    }

    long lastIssueMillis() {
        return lastIssueMillis;
    }

    Object status() {
        return generator instanceof SnowflakeGenerator leased
                ? leased.status()
                : ((RecordedIdGenerator) generator).status();
    }

    @Override
    public String toString() {
        return group.namespace() + "-process-" + number;
    }
}
