package io.snowline.jcstress;

import io.snowline.simulation.PlantedCode;
import io.snowline.simulation.PlantedCode.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A mistake in the real code, and the case that must detect it. */
record Planted(String name, Class<? extends Case> seenBy, List<Change> changes) {

    private static final String CLAIMS = "id/PositionCursor.java";
    private static final String LANE = "id/Lane.java";
    private static final String HOLDER = "id/LaneHolder.java";
    private static final String GENERATOR = "id/SnowflakeGenerator.java";

    static final List<Planted> ALL = List.of(
            planted(
                    "a claim is a read and a write",
                    TwoCallers.class,
                    CLAIMS,
                    "return CURSOR.getAndAdd(this, count);",
                    "long seen = cursor; cursor = seen + count; return seen;"),
            planted(
                    "a claim is judged by the ceiling read after it",
                    TwoCallers.class,
                    LANE,
                    "return position < open ? position + offset : ~position;",
                    "return position < ceiling() ? position + offset : ~position;"),
            planted(
                    "a batch crosses the end",
                    BatchesAtTheEnd.class,
                    new Change(
                            LANE,
                            "advance(next, first + Math.min(wanted, limit - first))",
                            "advance(next, first + wanted)"),
                    new Change(
                            GENERATOR,
                            "int taken = (int) Math.min(to - from, limit - first);",
                            "int taken = to - from;")),
            planted(
                    "a lane is swapped under a lock of one's own",
                    CallersAtTheSwap.class,
                    HOLDER,
                    "boolean advance(Lane usedUp) {",
                    "boolean advance(Lane usedUp) { ReentrantLock lock = new ReentrantLock();"),
            planted(
                    "sealing is a read and a write",
                    CallerAndSeal.class,
                    CLAIMS,
                    "return CURSOR.getAndSet(this, SEALED);",
                    "long seen = cursor; cursor = SEALED; return seen;"),
            planted(
                    "the newest position is read before the lane is sealed",
                    BatchesAndSeal.class,
                    LANE,
                    "return newestBefore(sealCursor());",
                    "long newest = newest(); sealCursor(); return newest;"),
            planted(
                    "a ticket outlives the seal",
                    TicketAndSeal.class,
                    LANE,
                    "ticket < limit && !sealed();",
                    "ticket < limit;"),
            planted(
                    "a lane is sealed in name only",
                    CallerAndRelease.class,
                    HOLDER,
                    "newestWhenSealed = current.seal();",
                    "newestWhenSealed = current.newest();"),
            planted(
                    "a ceiling is withdrawn by a plain write",
                    CallerAndWithdrawals.class,
                    CLAIMS,
                    "while (seen < position && !advance(seen, position)) { seen = cursor; }",
                    "if (position > 0) { cursor = position; }"),
            planted(
                    "a closed ceiling is not withdrawn",
                    JumpAndClosedCeiling.class,
                    CLAIMS,
                    "closed = seen > 0 ? -seen : seen - 1;",
                    "closed = seen > 0 ? -seen : seen;"),
            planted(
                    "a ceiling is published whatever was there",
                    JumpAndClosedCeiling.class,
                    CLAIMS,
                    "var unused = CEILING.compareAndSet(this, seen, above);",
                    "ceiling = above;"),
            planted(
                    "a lane is swapped without a seal",
                    SwapAndExtension.class,
                    HOLDER,
                    "long newest = usedUp.seal();",
                    "long newest = usedUp.newest();"));

    private static Planted planted(String name, Class<? extends Case> seenBy, String file, String from, String to) {
        return planted(name, seenBy, new Change(file, from, to));
    }

    private static Planted planted(String name, Class<? extends Case> seenBy, Change... changes) {
        return new Planted(name, seenBy, List.of(changes));
    }

    /** Compiles the changed code into a directory of its own; returns it. */
    Path compileBelow(Path directory) throws IOException {
        return new PlantedCode(changes).writeTo(directory.resolve(name.replace(' ', '-')));
    }
}
