package io.snowline.simulation;

import io.snowline.simulation.SimulatedBackend.Kind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What can go wrong in a simulated run. */
enum Fault {
    CRASH(0.6),
    STOP(0.6),
    PAUSE(0.6),
    BURST(0.6),
    STORM(0.5),
    CUT(0.6),
    /** A clock or listener throws something unexpected. */
    THROW(0.4),
    WALL_CLOCK(0.5),
    MONOTONIC_CLOCK(0.4),
    STORE_CLOCK(0.6, Kind.FORGETFUL, Kind.KEEPING),
    STORE_DOWN(0.4),
    SAVE(1),
    REPLICATE(0.8, Kind.FORGETFUL),
    FAIL_OVER(0.6, Kind.FORGETFUL),
    FLUSH(0.5, Kind.FORGETFUL),
    /** An operator deletes the records of a namespace. */
    DELETE_NAMESPACE(1),
    RESTART_EMPTY(0.3, Kind.FORGETFUL, Kind.RESTORED),
    RESTART_FROM_SAVED(0.5, Kind.FORGETFUL, Kind.RESTORED),
    /** The backend says that it may have lost something, but has not. */
    NEW_IDENTITY(0.3, Kind.FORGETFUL, Kind.RESTORED);

    /** Few faults, and none of clocks, which are at their limits already. */
    static final Set<Fault> OF_A_TIGHT_RUN =
            Collections.unmodifiableSet(EnumSet.of(CRASH, REPLICATE, FAIL_OVER, FLUSH));

    /** One loss after the other, and no fault that keeps processes from getting a window between two of them. */
    static final Set<Fault> OF_A_ROLLOUT =
            Collections.unmodifiableSet(EnumSet.of(CRASH, BURST, FLUSH, DELETE_NAMESPACE));

    /** Losses, and no fault that makes a process late. */
    private static final Set<Fault> OF_A_CALM_RUN =
            EnumSet.of(CRASH, BURST, SAVE, DELETE_NAMESPACE, FLUSH, RESTART_EMPTY, NEW_IDENTITY);

    private final double inSeason;

    @SuppressWarnings("ImmutableEnumChecker") // never exposed
    private final Set<Kind> kinds;

    Fault(double inSeason, Kind... kinds) {
        this.inSeason = inSeason;
        this.kinds = kinds.length == 0 ? EnumSet.allOf(Kind.class) : EnumSet.of(kinds[0], kinds);
    }

    /** Returns the share of runs in which this fault occurs. */
    double inSeason() {
        return inSeason;
    }

    /** Tells whether the backend forgets what it has acknowledged. */
    boolean isLoss() {
        return this == FLUSH || this == DELETE_NAMESPACE || this == RESTART_EMPTY || this == RESTART_FROM_SAVED;
    }

    /** Tells whether the floor is raised afterwards. */
    boolean raisesFloor() {
        return isLoss() || this == NEW_IDENTITY;
    }

    boolean canHappenInCalm() {
        return OF_A_CALM_RUN.contains(this);
    }

    boolean canHappenTo(Kind kind) {
        return kinds.contains(kind);
    }
}
