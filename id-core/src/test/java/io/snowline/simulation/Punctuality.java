package io.snowline.simulation;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.id.IdLayout;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.NamespaceTime;
import io.snowline.time.TickScale;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is promised about time in one namespace, checked to a few milliseconds, in a calm run: clocks are right and
 * requests take hardly any time. Windows start at namespace time or later, a process that is started again does not go
 * back, IDs of a new namespace carry the present, and IDs are there when rule P2 says so.
 */
final class Punctuality {

    /** The most that requests, and rounding to a tick, take. */
    private static final long SLACK_MILLIS = 25;

    private static final long LONGEST_FIRST_WINDOW_MILLIS = 250;
    private static final long SHORTEST_WINDOW_MILLIS = 50;

    /** When a process that found no node id free looks again, give or take a fifth. */
    private static final long LONGEST_LOOK_AWAY_MILLIS = 1_000;

    /** The newest ID of a process' predecessor: once it is old enough, nothing below it may be issued. */
    private record Predecessor(SimulatedProcess process, long newest) {}

    private final Timeline timeline;
    private final IdLayout layout;
    private final TickScale scale;
    private final Map<SimulatedProcess, Predecessor> predecessors = new HashMap<>();
    private @Nullable NamespaceRecord namespace;
    private boolean isNew;
    private long lostAtMillis = -1;

    Punctuality(Timeline timeline, IdLayout layout) {
        this.timeline = timeline;
        this.layout = layout;
        this.scale = layout.scale();
    }

    private static Violation late(String what) {
        return new Violation("P2: " + what);
    }

    private long unixMillis() {
        return Math.floorDiv(timeline.unixNanos(), 1_000_000);
    }

    private long slackMillis() {
        return SLACK_MILLIS + scale.tickMillis();
    }

    // ---- what happens ----

    /** The backend has lost something, or seems to have. */
    void lost() {
        lostAtMillis = timeline.nowMillis();
        isNew = false;
    }

    void namespaceWritten(NamespaceRecord record, boolean begins) {
        isNew = begins && lostAtMillis < 0;
        namespace = record;
    }

    void follows(SimulatedProcess process, SimulatedProcess before) {
        long sinceMillis = timeline.nowMillis() - before.lastIssueMillis();
        if (before.newest() >= 0 && sinceMillis >= before.maxLead().toMillis() + 2 * slackMillis()) {
            predecessors.put(process, new Predecessor(before, before.newest()));
        } else if (predecessors.containsKey(before)) {
            predecessors.put(process, predecessors.get(before));
        }
    }

    // ---- windows ----

    /**
     * Checks a window that does not continue another one.
     *
     * @param acquired whether its owner had not held the node id before
     */
    void begun(SimulatedProcess by, NamespaceRecord under, NodeRecord record, boolean acquired) {
        long earliest = time(under).at(unixMillis() - SLACK_MILLIS);
        if (record.start() < scale.positionAt(earliest)) {
            throw late("a window of %s starts %d ms before the namespace's time"
                    .formatted(by, earliest - scale.millisAt(record.start())));
        }
        long length = scale.millisAt(record.end()) - scale.millisAt(record.start());
        if (acquired && by.leased() && length < firstWindowMillis(by)) {
            throw late("the first window of %s has %d ms, less than %d".formatted(by, length, firstWindowMillis(by)));
        }
    }

    private NamespaceTime time(NamespaceRecord record) {
        return scale.namespaceTime(record.floor(), record.usableFrom(), record.ahead());
    }

    private static long firstWindowMillis(SimulatedProcess by) {
        return Math.min(LONGEST_FIRST_WINDOW_MILLIS, by.settings().ahead().toMillis() / 8);
    }

    // ---- IDs ----

    void issued(SimulatedProcess by, long id) {
        if (!by.leased()) {
            return; // a window of exactly one batch may lie anywhere below the cap
        }
        long millis = scale.millisAt(layout.position(id));
        long present = namespace == null ? unixMillis() : time(namespace).at(unixMillis());
        long lead = millis - present;
        if (lead > by.maxLead().toMillis() + slackMillis()) {
            throw late("%s issued an ID that is stamped %d ms ahead of the namespace's time".formatted(by, lead));
        }
        if (isNew && lead < -2 * slackMillis()) {
            throw late("%s issued an ID in a new namespace that is stamped %d ms ago".formatted(by, -lead));
        }
        Predecessor before = predecessors.get(by);
        if (before != null && id <= before.newest) {
            throw late(
                    "%s went back: it issued an ID stamped %d ms before the newest one of %s, which was gone for longer than its maxLead, %s"
                            .formatted(
                                    by,
                                    scale.millisAt(layout.position(before.newest)) - millis,
                                    before.process,
                                    before.process.maxLead()));
        }
    }

    /** Checks that no caller is refused for longer than it takes to reserve a first window. */
    void refused(SimulatedProcess by, IdUnavailableException why) {
        boolean awaited = why.reason() == Reason.WINDOW_AHEAD
                || why.reason() == Reason.STARTING
                || why.reason() == Reason.COORDINATOR_UNAVAILABLE;
        if (!by.leased() || !awaited || by.burstLately()) {
            return;
        }
        long since = timeline.nowMillis() - Math.max(by.startedAtMillis(), lostAtMillis);
        if (since > longestWaitMillis(by)) {
            throw late("%s has no ID after %d ms, although no more than %d ms are needed: %s"
                    .formatted(by, since, longestWaitMillis(by), why.getMessage()));
        }
    }

    private long longestWaitMillis(SimulatedProcess by) {
        if (isNew) {
            return 2 * SLACK_MILLIS;
        }
        long untilReserved = by.settings().guard().toMillis() + 2 * firstWindowMillis(by) + SHORTEST_WINDOW_MILLIS;
        long untilRenewed = Math.max(by.settings().renewEvery().toMillis(), LONGEST_LOOK_AWAY_MILLIS) * 6 / 5;
        // A process that waits for a floor to become usable does not notice until then that the floor was lost as well.
        return Math.max(untilRenewed, untilReserved) + untilReserved + 4 * slackMillis();
    }
}
