package io.snowline.simulation;

import java.util.Set;

/** Knows where the generator's code holds a lock while it reads a clock. A place that is missing here makes a run hang. */
final class Locks {

    /** Methods that read a clock while they hold a lock. */
    private static final Set<String> HOLDERS =
            Set.of("LaneHolder.advance", "LaneHolder.remainingMillis", "LogicalClock.correct", "LogicalClock.raise");

    private Locks() {}

    static boolean heldHere() {
        return StackWalker.getInstance().walk(frames -> frames.anyMatch(frame -> HOLDERS.contains(name(frame))));
    }

    private static String name(StackWalker.StackFrame frame) {
        String type = frame.getClassName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName();
    }
}
