package io.snowline.simulation;

import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.ReservationSettings;
import io.snowline.id.IdLayout;
import io.snowline.simulation.SimulatedBackend.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a seed decides: the backend, the settings, the namespaces with their processes, and which faults may occur. Not
 * every fault occurs in every run, so that each has runs in which the others do not drown it.
 *
 * @param wild whether no clock at all can be trusted
 * @param calm whether nothing is late, paused or wrong, so that promises about time can be checked to the millisecond
 * @param created whether an operator makes the namespaces, so that they are new also where the backend cannot tell
 * @param tight whether everything that P8 allows for is at its very limit whenever the backend fails over
 * @param raisedBy by how much {@code ahead} is raised while everything runs; zero: not at all
 * @param storeSkewMillis by how much a server's clock may be ahead of true time; negative: by anything
 * @param wallSkewMillis by how much a wall clock may be ahead of true time; negative: by anything
 * @param deposedMillis how long a deposed primary goes on
 */
record Scenario(
        Kind kind,
        boolean staleReads,
        boolean wild,
        boolean calm,
        boolean created,
        boolean tight,
        ReservationSettings settings,
        Duration raisedBy,
        long storeSkewMillis,
        long wallSkewMillis,
        long deposedMillis,
        Set<Fault> faults,
        List<Group> groups) {

    /** One namespace, and the processes that issue its IDs. */
    record Group(
            String namespace,
            IdLayout layout,
            NodeIdRange nodeIds,
            IssuingMode mode,
            boolean ledger,
            int processes,
            int lanes) {

        /** Tells whether there are enough node ids for all processes. */
        boolean enoughForAll() {
            return mode == IssuingMode.RECORDED || processes * lanes <= nodeIds.size();
        }
    }

    /** Draws one. The rarest mistake is seen in one run of thousands: its runs are of the kind that shows it. */
    static Scenario of(Timeline timeline, Mistake mistake) {
        boolean aimed = mistake == Mistake.GUARD_RAISED_BY_THE_DIFFERENCE_ALONE;
        boolean raise = mistake.isOfARollout() || timeline.chance(0.15);
        Kind kind = aimed ? Kind.FORGETFUL : kind(timeline, raise);
        boolean calm = !raise && timeline.chance(0.12);
        boolean deletions = raise || timeline.chance(0.6);
        ReservationSettings settings = settings(timeline);
        long halfGuard = settings.guard().toMillis() / 2;
        long skew = mistake == Mistake.CLOCKS_APART_BY_MORE_THAN_THE_GUARD ? 6 * halfGuard : halfGuard;
        boolean wild = kind == Kind.KEEPING && !deletions && !calm && timeline.chance(0.3);
        boolean tight = kind == Kind.FORGETFUL && !calm && !aimed && timeline.chance(0.2);
        boolean floorsByStore = kind == Kind.FORGETFUL || (kind == Kind.KEEPING && deletions);
        boolean floorsByWall = kind == Kind.RESTORED || (kind == Kind.CLOCKLESS && deletions);
        boolean lossesAlone = raise && kind == Kind.FORGETFUL && !tight && timeline.chance(aimed ? 1 : 0.4);
        Set<Fault> faults = lossesAlone ? Fault.OF_A_ROLLOUT : faults(timeline, kind, raise, calm, deletions);
        return new Scenario(
                kind,
                !calm && !kind.hasIdentity() && timeline.chance(0.5),
                wild,
                calm,
                timeline.chance(0.4),
                tight,
                settings,
                raise ? Duration.ofMillis(timeline.between(500, 4_000)) : Duration.ZERO,
                floorsByStore ? skew : -1,
                floorsByWall ? skew : -1,
                tight || timeline.chance(0.5) ? halfGuard : timeline.between(0, halfGuard),
                tight ? Fault.OF_A_TIGHT_RUN : faults,
                groups(timeline, aimed ? 1 : raise ? 0.3 : 0.12)); // recorded mode issues immediately at a floor
    }

    private static Kind kind(Timeline timeline, boolean raise) {
        double lot = timeline.random().nextDouble();
        if (raise) {
            return lot < 0.76
                    ? Kind.FORGETFUL
                    : lot < 0.86 ? Kind.RESTORED : lot < 0.93 ? Kind.KEEPING : Kind.CLOCKLESS;
        }
        return lot < 0.55 ? Kind.FORGETFUL : lot < 0.71 ? Kind.KEEPING : lot < 0.87 ? Kind.CLOCKLESS : Kind.RESTORED;
    }

    private static ReservationSettings settings(Timeline timeline) {
        long ahead = timeline.between(1_500, 5_000);
        return new ReservationSettings(
                Duration.ofMillis(ahead),
                Duration.ofMillis(ahead / timeline.between(2, 5)),
                Duration.ofMillis(timeline.between(0, 2_000)),
                Duration.ofMillis(2 * timeline.between(100, 500)),
                Duration.ofMillis(3_000));
    }

    private static Set<Fault> faults(Timeline timeline, Kind kind, boolean raise, boolean calm, boolean deletions) {
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            boolean possible = fault.canHappenTo(kind)
                    && (!calm || fault.canHappenInCalm())
                    && (fault != Fault.DELETE_NAMESPACE || deletions);
            double inSeason = raise && fault.isLoss() ? 1 : fault.inSeason();
            if (possible && timeline.chance(inSeason)) {
                faults.add(fault);
            }
        }
        return faults;
    }

    private static List<Group> groups(Timeline timeline, double recorded) {
        List<Group> groups = new ArrayList<>();
        groups.add(group(timeline, "orders", recorded));
        if (timeline.chance(0.2)) {
            groups.add(group(timeline, "order", recorded)); // a prefix of the other's name
        }
        return groups;
    }

    private static Group group(Timeline timeline, String namespace, double recordedInAll) {
        boolean recorded = timeline.chance(recordedInAll);
        int nodeBits = 1 + timeline.random().nextInt(3);
        int sequenceBits = 2 + timeline.random().nextInt(6);
        Duration tick = Duration.ofMillis(timeline.chance(0.8) ? 1 : 10);
        IdLayout layout = new IdLayout(40, nodeBits, sequenceBits, tick, IdLayout.DEFAULT_EPOCH);
        int nodes = (int) timeline.between(1, Math.min(layout.nodeCount(), 4));
        int lanes = !recorded && nodes >= 2 && timeline.chance(0.2) ? 2 : 1;
        int most = Math.max(2, nodes / lanes + (timeline.chance(0.3) ? 2 : 0));
        return new Group(
                namespace,
                layout,
                new NodeIdRange(0, nodes - 1),
                recorded ? IssuingMode.RECORDED : IssuingMode.LEASED,
                recorded && timeline.chance(0.6),
                (int) timeline.between(2, recorded ? 3 : most),
                lanes);
    }
}
