package io.snowline.simulation;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Two servers, one of which is the primary, or seems to be, and the routing of requests to them. */
final class SimulatedBackend {

    /**
     * The features of a backend, and what it may forget. An operator may delete the records of a namespace on any of
     * them.
     */
    enum Kind {
        /** Like Redis: a clock, an identity, no traces, and everything may be lost. */
        FORGETFUL(true, true, false),
        /** Like ZooKeeper: a clock, traces, and nothing is lost by itself. */
        KEEPING(true, false, true),
        /** Like a directory: no clock, no identity, traces, and nothing is lost by itself. */
        CLOCKLESS(false, false, true),
        /** Like etcd: no clock; traces; an identity that changes when it is restored from an old copy. */
        RESTORED(false, true, true);

        private final boolean hasClock;
        private final boolean hasIdentity;
        private final boolean keepsTraces;

        Kind(boolean hasClock, boolean hasIdentity, boolean keepsTraces) {
            this.hasClock = hasClock;
            this.hasIdentity = hasIdentity;
            this.keepsTraces = keepsTraces;
        }

        boolean hasClock() {
            return hasClock;
        }

        boolean hasIdentity() {
            return hasIdentity;
        }

        boolean keepsTraces() {
            return keepsTraces;
        }
    }

    private final Timeline timeline;
    private final Scenario scenario;
    private final SimulatedStore[] servers;
    private final long deposedForNanos;
    private int primary;
    private long deposedUntilNanos = -1;
    private boolean failOverAtNextRequest;
    private @Nullable SimulatedStore serving;
    private @Nullable Object request;

    SimulatedBackend(Timeline timeline, SimulatedStore one, SimulatedStore other, Scenario scenario) {
        this.timeline = timeline;
        this.scenario = scenario;
        this.servers = new SimulatedStore[] {one, other};
        this.deposedForNanos = scenario.deposedMillis() * 1_000_000;
    }

    SimulatedStore primary() {
        return servers[primary];
    }

    SimulatedStore other() {
        return servers[1 - primary];
    }

    /** Brings the replica up to date, unless it still believes it is the primary. */
    void replicate() {
        if (timeline.nowNanos() > deposedUntilNanos) {
            other().copyFrom(primary());
        }
    }

    /** Promotes the replica, which may lag: immediately, or when the next request comes. */
    void failOver(boolean atNextRequest) {
        if (timeline.nowNanos() <= deposedUntilNanos) {
            return;
        }
        if (atNextRequest) {
            failOverAtNextRequest = true;
        } else {
            promote();
        }
    }

    private void promote() {
        failOverAtNextRequest = false;
        deposedUntilNanos = timeline.nowNanos() + deposedForNanos;
        primary = 1 - primary;
        primary().promoted();
        if (scenario.tight()) {
            primary().clock.correct(0);
            other().clock.correct(scenario.storeSkewMillis());
        }
        timeline.note(() -> "failover: " + primary().name + " is the primary, " + other().name + " does not know yet");
    }

    void heal() {
        deposedUntilNanos = -1;
        failOverAtNextRequest = false;
        primary().up(true);
    }

    // ---- requests ----

    /** Chooses the server that a request reaches. */
    SimulatedStore route() {
        if (failOverAtNextRequest) {
            promote();
            return primary();
        }
        boolean toDeposed = timeline.nowNanos() <= deposedUntilNanos && timeline.chance(0.5);
        return toDeposed ? other() : primary();
    }

    /**
     * Returns how long a request waits before it reaches a deposed server: perhaps until that server is about to learn
     * of it.
     */
    long waitNanos(SimulatedStore server) {
        boolean untilTheEnd = server == other() && (scenario.tight() || timeline.chance(0.5));
        return untilTheEnd ? Math.max(0, deposedUntilNanos - timeline.nowNanos()) : 0;
    }

    <T> T at(SimulatedStore server, Object asked, Supplier<T> steps) {
        serving = server;
        request = asked;
        try {
            return steps.get();
        } finally {
            serving = null;
            request = null;
        }
    }

    /** Returns the server that serves a request right now; null while none is under way. */
    @Nullable
    SimulatedStore serving() {
        return serving;
    }

    /** Returns the request that is served right now; the same object if it arrives twice. */
    @Nullable
    Object request() {
        return request;
    }
}
