package io.snowline.simulation;

import io.snowline.coordination.ReservationSettings;
import io.snowline.simulated.Comparison;
import io.snowline.simulated.Fibers;
import io.snowline.simulation.SimulatedBackend.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A few processes, few node ids, one backend, and everything that can go wrong with them. One seed decides all of it: the real
 * code of lease keepers and generators runs over simulated clocks, threads, networks and servers.
 */
final class World {

    private static final long SANE_OFFSET_MILLIS = 300;
    /** A process that starts believes a clock that differs from its own by up to {@code maxClockSkew}. */
    private static final long TOLERANCE_MILLIS = 4_000;

    private static final long WATCHED_FOR_MILLIS = 5_000;

    /** A place where a process and its successors run. */
    static final class Place {
        final Scenario.Group group;
        final Auditor auditor;
        final String label;
        ReservationSettings settings;
        SimulatedProcess process;

        Place(Scenario.Group group, Auditor auditor, String label, ReservationSettings settings) {
            this.group = group;
            this.auditor = auditor;
            this.label = label;
            this.settings = settings;
        }
    }

    private final Timeline timeline;
    private final Fibers fibers;
    private final Scenario scenario;
    private final SimulatedBackend backend;
    private final Network.Stuck stuck;
    private final List<Auditor> auditors = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private final List<Host> hosts = new ArrayList<>();
    private final Set<Scenario.Group> created = new HashSet<>();
    private final Trouble trouble;
    private final Rollout rollout;
    private boolean watched;

    World(Timeline timeline, Fibers fibers, Mistake mistake) {
        this.timeline = timeline;
        this.fibers = fibers;
        this.scenario = Scenario.of(timeline, mistake);
        this.stuck = new Network.Stuck(timeline);
        Comparison comparison = new Comparison();
        comparison.omit(mistake.omissions());
        this.backend = new SimulatedBackend(
                timeline, server("A", mistake, comparison), server("B", mistake, comparison), scenario);
        this.trouble = new Trouble(this, mistake);
        this.rollout = new Rollout(this, trouble, mistake);
        timeline.note(scenario::toString);
        scenario.groups().forEach(this::addGroup);
    }

    private SimulatedStore server(String name, Mistake mistake, Comparison comparison) {
        SimulatedStore server = new SimulatedStore(
                "server " + name, timeline, scenario.kind(), mistake, comparison, scenario.storeSkewMillis());
        if (scenario.calm()) {
            server.clock.correct(0);
        }
        return server;
    }

    private void addGroup(Scenario.Group group) {
        boolean saneClocks = !scenario.wild() && (scenario.kind() != Kind.CLOCKLESS || scenario.wallSkewMillis() >= 0);
        Auditor auditor = new Auditor(timeline, group, saneClocks ? TOLERANCE_MILLIS : -1, scenario);
        auditors.add(auditor);
        for (int i = 0; i < group.processes(); i++) {
            places.add(new Place(group, auditor, "place-" + i, scenario.settings()));
        }
    }

    // ---- the run ----

    /** Runs this world. Returns how many IDs were issued and checked. */
    long run() {
        try {
            places.forEach(this::start);
            trouble.begin();
            rollout.begin();
            long healthyFrom = Math.max(timeline.between(12_000, 35_000), rollout.endsAtMillis());
            timeline.runUntil(healthyFrom);
            heal();
            timeline.runUntil(healthyFrom + liveAgainWithinMillis());
            requireEverybodyIssues();
            return auditors.stream().mapToLong(Auditor::issuedCount).sum();
        } finally {
            hosts.forEach(Host::kill);
        }
    }

    private void heal() {
        timeline.note(() -> "the faults stop");
        trouble.end();
        backend.heal();
        stuck.heal();
        for (Place place : places) {
            place.process.network().heal();
            place.process.host().heal();
        }
    }

    /** Floors and marks may lie this far ahead, and logical time takes twice as long to come back. */
    private long liveAgainWithinMillis() {
        ReservationSettings settings = scenario.settings();
        long reach = settings.ahead()
                .plus(scenario.raisedBy().multipliedBy(3))
                .plus(settings.guard())
                .toMillis();
        return 2 * (reach + trouble.furthestJumpMillis())
                + settings.takeoverGrace().toMillis()
                + 12_000;
    }

    private void requireEverybodyIssues() {
        long since = timeline.nowMillis();
        watched = true;
        timeline.runUntil(since + WATCHED_FOR_MILLIS);
        for (Scenario.Group group : scenario.groups()) {
            List<Place> silent = places.stream()
                    .filter(place -> place.group.equals(group) && place.process.lastIssueMillis() < since)
                    .toList();
            int waiting = group.enoughForAll()
                    ? 0
                    : group.processes() - group.nodeIds().size() / group.lanes();
            if (silent.size() > waiting) {
                Place one = silent.get(0);
                throw new Violation("liveness: %s issues nothing %d ms after the faults stopped: %s"
                        .formatted(one.process, since - trouble.endedAtMillis(), one.process.status()));
            }
        }
    }

    // ---- what is in it ----

    void start(Place place) {
        SimulatedProcess before = place.process;
        place.process = new SimulatedProcess(this, place.group, place.auditor, place.label, place.settings);
        if (before != null) {
            place.process.follows(before);
        }
    }

    /** Tells, once per group, whether an operator creates its namespace before its first process starts. */
    boolean toCreate(Scenario.Group group) {
        return scenario.created() && created.add(group);
    }

    Host newHost() {
        long offset = scenario.wallSkewMillis() >= 0
                ? timeline.between(0, scenario.wallSkewMillis())
                : timeline.between(-SANE_OFFSET_MILLIS, SANE_OFFSET_MILLIS);
        Host host = new Host(timeline, fibers, offset, scenario.wallSkewMillis(), scenario.tight() ? 2_000 : 30_000);
        host.monotonic.rate(scenario.tight() ? 2 : 1); // so that the owner asks for more than the cap, and gets the cap
        if (scenario.calm()) {
            host.heal();
        }
        hosts.add(host);
        return host;
    }

    Network newNetwork() {
        Network network = new Network(timeline, backend, stuck, scenario.tight());
        if (scenario.calm()) {
            network.heal();
        }
        return network;
    }

    /**
     * Sets the clocks of all machines to true time, or ahead of it by as much as a floor that is computed from them
     * allows.
     */
    void setWallClocks(boolean ahead) {
        for (Host host : hosts) {
            host.wall.correct(ahead ? scenario.wallSkewMillis() : 0);
        }
    }

    /** Tells whether the simulation checks that all processes issue IDs: callers then ask often. */
    boolean watched() {
        return watched;
    }

    Timeline timeline() {
        return timeline;
    }

    Scenario scenario() {
        return scenario;
    }

    SimulatedBackend backend() {
        return backend;
    }

    Network.Stuck stuck() {
        return stuck;
    }

    List<Place> places() {
        return places;
    }

    List<Auditor> auditors() {
        return auditors;
    }
}
