package io.snowline.lease;

import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.LeaseEvent.Kind;
import io.snowline.coordination.LeaseFailure;
import io.snowline.coordination.LeaseListener;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.time.NamespaceTime;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a lease keeper reports: a status that can be read at any time, and events in plain words. Written only on the
 * keeper's loop; the status may be read by any thread.
 */
final class LeaseNews {

    private static final Duration SOON = Duration.ofMillis(100);

    private final NamespaceSpec spec;
    private final String label;
    private final LeaseListener listener;

    private volatile LeaseStatus status = new LeaseStatus(
            OptionalInt.empty(),
            0,
            Optional.of(new Obstacle(Obstacle.Kind.STARTING, "the coordinator has not answered yet", SOON)));

    private volatile Optional<LeaseFailure> failure = Optional.empty();

    private @Nullable Kind latest;

    LeaseNews(NamespaceSpec spec, String label, LeaseListener listener) {
        this.spec = spec;
        this.label = label;
        this.listener = listener;
    }

    LeaseStatus status() {
        return status.with(failure);
    }

    void renewed(boolean acquired, Window window, Duration remaining, long incarnation, Duration took) {
        OptionalInt node = OptionalInt.of(window.node());
        status = new LeaseStatus(node, incarnation, Optional.empty());
        String held = "node id %s of namespace '%s'; its window is good for %s without the coordinator"
                .formatted(window.node(), spec.name(), seconds(remaining));
        if (acquired) {
            tell(Kind.ACQUIRED, node, "acquired " + held, took, null);
        } else if (inTrouble()) {
            tell(Kind.RECOVERED, node, "windows are granted again; renewed " + held, took, null);
        } else {
            tell(Kind.RENEWED, node, "renewed " + held, took, null);
        }
    }

    /**
     * Reports that the coordinator answered, in recorded mode.
     *
     * @param node the node id on which batches are reserved; empty while there is none
     */
    void answered(OptionalInt node, long incarnation, Duration took) {
        status = new LeaseStatus(node, incarnation, Optional.empty());
        if (inTrouble()) {
            tell(Kind.RECOVERED, node, "batches of namespace '%s' can be reserved".formatted(spec.name()), took, null);
        } else {
            tell(Kind.RENEWED, node, "the coordinator answers", took, null);
        }
    }

    /** Reports that a node id was acquired for recorded mode. */
    void acquired(int node) {
        tell(
                Kind.ACQUIRED,
                OptionalInt.of(node),
                "acquired node id %s of namespace '%s' for batches of its own".formatted(node, spec.name()),
                Duration.ZERO,
                null);
    }

    void lost(int node, StoreView view) {
        status = new LeaseStatus(
                OptionalInt.empty(),
                status.incarnation(),
                Optional.of(new Obstacle(Obstacle.Kind.STARTING, "another node id is being acquired", SOON)));
        String detail = "lost node id %s of namespace '%s': %s; what is reserved is used up while another is acquired"
                .formatted(node, spec.name(), ownerNow(view.node(node)));
        tell(Kind.LOST, OptionalInt.of(node), detail, Duration.ZERO, null);
    }

    private static String ownerNow(Optional<Stored<NodeRecord>> stored) {
        return stored.map(Stored::record)
                .map(record -> record.released() ? "it was given back" : "it belongs to '" + record.label() + "' now")
                .orElse("the coordinator has no record of it any more");
    }

    void atRisk(OptionalInt node, Duration remaining, RuntimeException failure, Duration took) {
        String why = String.valueOf(failure.getMessage());
        status = new LeaseStatus(node, status.incarnation(), Optional.of(Obstacle.of(failure)));
        String until = remaining.isZero()
                ? "nothing is reserved"
                : "IDs are issued for at least " + seconds(remaining) + " more, to the end of the window";
        String detail = "the coordinator of namespace '%s' did not answer (%s); %s; it is asked again and again"
                .formatted(spec.name(), why, until);
        tell(Kind.AT_RISK, node, detail, took, failure);
    }

    /** Reports an unexpected failure, and returns the obstacle that stands until it is over. */
    Obstacle failed(OptionalInt node, Throwable thrown, TimeSource time) {
        LeaseFailure latestFailure = failureAfter(failure, thrown, time);
        Obstacle obstacle = Obstacle.keeperFailed(latestFailure);
        String detail = "the lease keeper of namespace '%s' failed unexpectedly (%s); it begins again"
                .formatted(spec.name(), latestFailure.text());
        failure = Optional.of(latestFailure);
        status = new LeaseStatus(node, status.incarnation(), Optional.of(obstacle));
        tell(Kind.FAILED, node, detail, Duration.ZERO, thrown);
        return obstacle;
    }

    /** Counts one more failure. */
    private static LeaseFailure failureAfter(Optional<LeaseFailure> before, Throwable thrown, TimeSource time) {
        long count = before.map(LeaseFailure::count).orElse(0L) + 1;
        return new LeaseFailure(count, now(time), textOf(thrown));
    }

    private static Instant now(TimeSource time) {
        long millis;
        try {
            millis = time.wallMillis();
        } catch (RuntimeException | Error e) { // the failure may be the clock's
            millis = TimeSource.system().wallMillis();
        }
        return Instant.ofEpochMilli(millis);
    }

    private static String textOf(Throwable thrown) {
        try {
            return thrown.toString();
        } catch (RuntimeException | Error e) {
            return thrown.getClass().getName();
        }
    }

    /**
     * Reports what this process has just changed of the namespace: it was created, its floor was raised, or its
     * {@code ahead} was.
     *
     * @param before the record before the step; empty if there was none
     * @param trace the trace before the step
     */
    void namespaceWritten(
            OptionalInt node,
            Optional<NamespaceRecord> before,
            Trace trace,
            NamespaceRecord now,
            NamespaceTime time,
            Duration took) {
        if (before.isEmpty() && trace.kind() == Trace.Kind.NONE) {
            tell(Kind.CREATED, node, "namespace '%s' is new and was made".formatted(spec.name()), took, null);
        } else if (before.isEmpty() || before.get().incarnation() != now.incarnation()) {
            floorRaised(node, before.isEmpty() ? trace.kind() : Trace.Kind.LEFT, now, time, took);
        } else if (!before.get().ahead().equals(now.ahead())) {
            aheadRaised(node, before.get().ahead(), now.ahead(), took);
        }
    }

    private void aheadRaised(OptionalInt node, Duration from, Duration to, Duration took) {
        String detail =
                "raised ahead of namespace '%s' from %s to %s; until every process has it, a loss in the coordinator is covered only if guard was raised by %s everywhere before"
                        .formatted(spec.name(), from, to, to.minus(from).multipliedBy(2));
        tell(Kind.AHEAD_RAISED, node, detail, took, null);
    }

    private void floorRaised(
            OptionalInt node, Trace.Kind trace, NamespaceRecord record, NamespaceTime time, Duration took) {
        boolean perhapsNew = trace == Trace.Kind.UNKNOWN && status.incarnation() == 0;
        String why = perhapsNew
                ? "it is not in the coordinator, which cannot tell whether it is new or was lost"
                : "the coordinator may have lost something";
        String how = perhapsNew
                ? "; for a namespace that is new, the command create before its first start avoids this"
                : "";
        String detail =
                "namespace '%s' is at incarnation %s, since %s: new windows begin up to %s ahead of the clock from %s on, and time runs at half speed until %s, so IDs are early and their rate is half; none is issued twice%s"
                        .formatted(
                                spec.name(),
                                record.incarnation(),
                                why,
                                seconds(Duration.ofMillis(time.floorMillis() - time.usableFromMillis())),
                                Instant.ofEpochMilli(time.usableFromMillis()),
                                Instant.ofEpochMilli(time.caughtUpMillis()),
                                how);
        tell(Kind.FLOOR_RAISED, node, detail, took, null);
    }

    /** Updates the status with an obstacle, and reports it unless the latest news was of the same kind. */
    void obstructed(OptionalInt node, Obstacle obstacle, long incarnation, @Nullable Throwable cause) {
        status = new LeaseStatus(node, incarnation, Optional.of(obstacle));
        Kind kind = obstacle.hopeless() ? Kind.REFUSED : Kind.WAITING;
        if (latest != kind) {
            tell(kind, node, obstacle.detail(), Duration.ZERO, cause);
        }
    }

    void released(int node, Duration took) {
        tell(
                Kind.RELEASED,
                OptionalInt.of(node),
                "gave back node id %s of namespace '%s'".formatted(node, spec.name()),
                took,
                null);
    }

    void closed(String how) {
        Obstacle obstacle = new Obstacle(Obstacle.Kind.CLOSED, "closed: " + how, Obstacle.LATER);
        status = new LeaseStatus(OptionalInt.empty(), status.incarnation(), Optional.of(obstacle));
    }

    /** Tells whether the latest news calls for a line in the log that says it is over. */
    private boolean inTrouble() {
        return latest == Kind.AT_RISK
                || latest == Kind.FAILED
                || latest == Kind.FLOOR_RAISED
                || latest == Kind.WAITING
                || latest == Kind.REFUSED;
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
    }

    private void tell(Kind kind, OptionalInt node, String detail, Duration took, @Nullable Throwable cause) {
        latest = kind;
        listener.onEvent(new LeaseEvent(kind, spec.name(), label, node, detail, took, Optional.ofNullable(cause)));
    }
}
