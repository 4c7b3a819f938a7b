package io.snowline.simulation;

import io.snowline.simulation.PlantedCode.Change;
import java.util.List;

/** A mistake that a developer could make, in the real code or in a backend, and the rule that it breaks. */
public record PlantedBug(String name, String rule, Mistake mistake, List<Change> changes, long seed) {

    private static final String KEEPER = "lease/LeaseKeeper.java";
    private static final String AGREEMENT = "lease/NamespaceAgreement.java";
    private static final String CHOICE = "lease/NodeChoice.java";
    private static final String RESERVER = "lease/BatchReserver.java";
    private static final String GENERATOR = "id/SnowflakeGenerator.java";
    private static final String LANE = "id/Lane.java";
    private static final String HOLDER = "id/LaneHolder.java";
    private static final String CLOCK = "lease/LogicalClock.java";
    private static final String RECORDER = "id/Recorder.java";

    /** Where none of the first seeds shows a bug, one that does is given: the search begins with it. */
    private static final long NO_SEED = 0;

    public static final List<PlantedBug> ALL = List.of(
            inCode(
                    "an owner starts at its own clock",
                    "P2",
                    CHOICE,
                    "Math.max(Math.max(earliestStart, mark),",
                    "Math.max(earliestStart,"),
            inCode(
                    "a renewal is allowed to start below the floor",
                    "P2, P8",
                    AGREEMENT,
                    "Math.max(lowestStart(record), scale().positionAt(time(record).at(clock.millis())))",
                    "scale().positionAt(clock.millis())"),
            inCode(
                    "a request that timed out is taken for granted",
                    "P5",
                    KEEPER,
                    """
                    replace(
                            Replacement.ofNode(knowledge.view().identity(), knowledge.namespace(), expected, next),
                            () -> granted(next));
                    """,
                    """
                    Replacement step =
                            Replacement.ofNode(knowledge.view().identity(), knowledge.namespace(), expected, next);
                    busy = true;
                    timer++;
                    loop.call(() -> coordinator.replace(spec.name(), step), replaced -> {
                        busy = false;
                        knowledge.took(step, replaced);
                        if (replaced.applied()) {
                            granted(next);
                        } else {
                            refused();
                        }
                    }, failure -> {
                        busy = false;
                        granted(next);
                    });
                    """),
            inCode(
                    "a renewal glues its window over the floor",
                    "P5, P8",
                    KEEPER,
                    "long run = start == held.end() ? held.start() : start;",
                    "long run = held.start();"),
            inCode(
                    "a node id that was lost and acquired again extends the old window",
                    "P5",
                    KEEPER,
                    "current.node() == node && current.start() == record.start()",
                    "current.node() == node"),
            inCode(
                    "an owner renews what it has lost",
                    "P6",
                    KEEPER,
                    ".filter(stored -> stored.record().heldBy(owner))",
                    ".filter(stored -> node != NONE || stored.record().heldBy(owner))"),
            inCode("an owner is told by its label", "P6", KEEPER, "owner = tokens.next();", "owner = label;"),
            inCode(
                    "a node id is given back without a seal",
                    "P7",
                    List.of(
                            new Change(KEEPER, "holder.seal(); loop.execute(() -> {", "loop.execute(() -> {"),
                            new Change(GENERATOR, "for (LaneHolder lane : lanes) { lane.seal(); }", ""),
                            new Change(KEEPER, "long newest = holder.seal();", "long newest = holder.newest();"))),
            inCode(
                    "a node id is given back at the tick that was stamped last",
                    "P7",
                    KEEPER,
                    "long stamped = newest < 0 ? 0 : scale().nextTick(newest);",
                    "long stamped = newest < 0 ? 0 : scale().nextTick(newest) - (1L << scale().sequenceBits());"),
            inCode(
                    "a lane is sealed in name only",
                    "P7",
                    HOLDER,
                    "newestWhenSealed = current.seal();",
                    "newestWhenSealed = current.newest();"),
            inCode(
                            "a stamp is compared with the end, and claimed some time later",
                            "P3",
                            GENERATOR,
                            "long nanos = time.monotonicNanos(); long present = pace.present(nanos);",
                            """
                    long free = lane.next();
                    boolean below = free < lane.window().end();
                    long nanos = time.monotonicNanos();
                    long present = pace.present(nanos);
                    if (below && free >= present && free < pace.limit(free + 1, present)) {
                        lane.add(1);
                        return lane.idAt(free);
                    }
                    """)
                    .seenAt(80),
            inCode(
                            "a batch crosses the end of its window",
                            "P3",
                            List.of(
                                    new Change(
                                            LANE,
                                            "advance(next, first + Math.min(wanted, limit - first))",
                                            "advance(next, first + wanted)"),
                                    new Change(
                                            GENERATOR,
                                            "int taken = (int) Math.min(to - from, limit - first);",
                                            "int taken = to - from;")))
                    .seenAt(13),
            inCode(
                    "a clock that goes back takes the sequence along",
                    "P2",
                    LANE,
                    "long first = next >= present || carries(present) ? next : scattered(present, limit);",
                    "long first = scale.tickOf(next) == scale.tickOf(present) ? next : scattered(present, limit);"),
            inCode(
                    "a window is used to its end, whatever the backend's clock said",
                    "P4",
                    AGREEMENT,
                    ".map(time -> Math.min(end, scale().positionAt(time.plus(ahead).toEpochMilli())))",
                    ".map(time -> end)"),
            inCode(
                            "the cap goes by the backend's clock alone",
                            "P4",
                            AGREEMENT,
                            "long present = Math.min(clock.storeMillis(), clock.millis());",
                            "long present = clock.storeMillis();")
                    .seenAt(393),
            inCode(
                            "the floor is a tick too low",
                            "P8",
                            AGREEMENT,
                            "Math.min(scale().nextTick(forgotten), scale().endPosition())",
                            "Math.min(forgotten - (1L << scale().sequenceBits()), scale().endPosition())")
                    .seenAt(191),
            inCode(
                    "the floor leaves out the guard",
                    "P8",
                    AGREEMENT,
                    "+ ahead.toMillis() + guard.toMillis()",
                    "+ ahead.toMillis()"),
            inCode(
                    "the floor may be written at any time",
                    "P8",
                    AGREEMENT,
                    "view.time().map(time -> time.plus(guard.dividedBy(2)))",
                    "Optional.empty()"),
            inCode(
                    "the floor leaves out the guard where the backend has no clock",
                    "P8",
                    AGREEMENT,
                    "+ ahead.toMillis() + guard.toMillis()",
                    "+ ahead.toMillis() + view.time().map(time -> guard.toMillis()).orElse(0L)"),
            inCode(
                    "the floor after a loss is now",
                    "P8",
                    AGREEMENT,
                    "boolean isNew = view.trace().kind() == Trace.Kind.NONE;",
                    "boolean isNew = true;"),
            inCode(
                    "a namespace that was deleted is taken for a new one",
                    "P8",
                    AGREEMENT,
                    "boolean isNew = view.trace().kind() == Trace.Kind.NONE;",
                    "boolean isNew = view.trace().kind() != Trace.Kind.UNKNOWN;"),
            inCode(
                            "a namespace that is new is taken for a lost one",
                            "P2",
                            AGREEMENT,
                            "boolean isNew = view.trace().kind() == Trace.Kind.NONE;",
                            "boolean isNew = false;")
                    .seenAt(15),
            inCode(
                    "namespace time begins at the floor again after a restart",
                    "P2",
                    List.of(
                            new Change(
                                    AGREEMENT,
                                    "positionAt(time(record).at(clock.millis()))",
                                    "positionAt(clock.millis())"),
                            new Change(CLOCK, "Math.max(unixMillis, namespace.at(referenceMillis))", "unixMillis"))),
            inCode(
                    "a window above the floor is begun with a millisecond",
                    "P2",
                    KEEPER,
                    "return Math.min(LONGEST_FIRST_WINDOW.toMillis(), agreement.ahead().toMillis() / 8);",
                    "return 1;"),
            inCode(
                    "a backend with another identity is believed",
                    "P8",
                    AGREEMENT,
                    "if (!record.identity().equals(view.identity())) {",
                    "if (record.identity().isEmpty() != view.identity().isEmpty()) {"),
            inCode(
                    "nothing is asked any more after a failure",
                    "liveness",
                    KEEPER,
                    "lookAfter(backoff(failures));",
                    "failures--;"),
            inCode(
                            "nothing begins again after something was thrown",
                            "P12",
                            KEEPER,
                            "lookAfter(pause.compareTo(settings.renewEvery()) < 0 ? pause : settings.renewEvery());",
                            "waited = pause.isZero();")
                    .seenAt(26),
            inCode(
                            "recorded mode takes a refused step for granted",
                            "P1",
                            RESERVER,
                            "if (!replaced.applied()) { return Optional.empty(); }",
                            "if (knowledge.view().namespace().isEmpty()) { return Optional.empty(); }")
                    .seenAt(15),
            inCode(
                            "recorded mode starts at its own clock",
                            "P2",
                            RESERVER,
                            "long lowest = Math.max(Math.max(mark, agreement.lowestStart(record)), claim.lowestStart());",
                            "long lowest = record.floor();")
                    .seenAt(21),
            inCode(
                            "recorded mode hands out IDs that may not have been recorded",
                            "recorded",
                            RECORDER,
                            "Recorded recorded = coordinator.replaceAndRecord(namespace, step, ids, keep);",
                            """
                    var replaced = coordinator.replace(namespace, step);
                    long[] refused = new long[0];
                    try {
                        refused = replaced.applied() ? ledger.get().record(ids, keep) : refused;
                    } catch (CoordinatorUnavailableException e) {
                        // handed out all the same
                    }
                    Recorded recorded = new Recorded(replaced, refused);
                    """)
                    .seenAt(35),
            inBackend("a backend writes without comparing the node record", "P1, C1", Mistake.NODE_RECORD_NOT_COMPARED),
            inBackend(
                    "a backend writes without comparing the namespace record",
                    "P8, C1",
                    Mistake.NAMESPACE_RECORD_NOT_COMPARED),
            inBackend(
                    "a backend compares the numbers of states, which begin anew with a namespace",
                    "C1",
                    Mistake.REVISIONS_COMPARED_ALONE),
            inBackend("the identity is the run id alone", "P8", Mistake.IDENTITY_BY_RUN_ID_ALONE),
            inBackend("a late step is applied", "P8, C6", Mistake.LATE_STEP_APPLIED),
            inBackend("a trace is not compared", "P8, C11", Mistake.TRACE_NOT_COMPARED)
                    .seenAt(96),
            inBackend("a trace is written apart from the record", "P8, C11", Mistake.TRACE_WRITTEN_APART),
            inBackend("a trace is read after the records", "P8, C11", Mistake.TRACE_READ_LAST)
                    .seenAt(34),
            inBackend("a trace is deleted with the records", "P8, C11", Mistake.TRACE_DELETED_WITH_THE_RECORDS),
            inBackend("a namespace is created while it is in use", "P8", Mistake.CREATED_WHILE_IN_USE),
            inBackend("a node record is lost alone", "C3", Mistake.ONE_NODE_RECORD_LOST),
            inBackend(
                    "clocks of the servers differ by more than the guard",
                    "P8",
                    Mistake.CLOCKS_APART_BY_MORE_THAN_THE_GUARD),
            inBackend("ahead is raised in one step", "P8, P9", Mistake.AHEAD_RAISED_IN_ONE_STEP),
            inBackend(
                            "guard is raised by the difference alone before ahead is",
                            "P8, P9",
                            Mistake.GUARD_RAISED_BY_THE_DIFFERENCE_ALONE)
                    .seenAt(375));

    private static PlantedBug inCode(String name, String rule, String file, String from, String to) {
        return inCode(name, rule, List.of(new Change(file, from, to)));
    }

    private static PlantedBug inCode(String name, String rule, List<Change> changes) {
        return new PlantedBug(name, rule, Mistake.NONE, changes, NO_SEED);
    }

    private static PlantedBug inBackend(String name, String rule, Mistake mistake) {
        return new PlantedBug(name, rule, mistake, List.of(), NO_SEED);
    }

    private PlantedBug seenAt(long someSeed) {
        return new PlantedBug(name, rule, mistake, changes, someSeed);
    }

    /**
     * Runs seeds until the auditor sees something: first the one that has shown this bug, then others from a number on,
     * since a change of the code may have moved it. Returns the seed and what was seen; null if it sees nothing.
     */
    String[] firstFailure(long from, long count) {
        return changes.isEmpty()
                ? Simulation.firstFailure(seed, from, count, mistake.name())
                : new PlantedCode(changes).firstFailure(seed, from, count);
    }

    @Override
    public String toString() {
        return name;
    }
}
