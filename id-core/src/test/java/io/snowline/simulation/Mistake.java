package io.snowline.simulation;

import io.snowline.simulated.Comparison.Omission;
import java.util.Set;

/** Mistakes that a simulated backend or operator may make, so that the simulation can show that it notices them. */
public enum Mistake {
    NONE,
    /** A step is applied whatever the node record says at that time. */
    NODE_RECORD_NOT_COMPARED,
    /** A step is applied whatever the namespace record says at that time. */
    NAMESPACE_RECORD_NOT_COMPARED,
    /** A promoted replica keeps its identity: only a restart changes it. */
    IDENTITY_BY_RUN_ID_ALONE,
    /** Revision numbers are compared instead of records: they begin at 0 again in a namespace that is created anew. */
    REVISIONS_COMPARED_ALONE,
    /** A step is applied although its {@code notAfter} has passed. */
    LATE_STEP_APPLIED,
    /** A step is applied whatever the trace says at that time. */
    TRACE_NOT_COMPARED,
    /** A trace is written some time after the record, and perhaps never. */
    TRACE_WRITTEN_APART,
    /** A read shows a trace that is newer than its records. */
    TRACE_READ_LAST,
    /** The deletion of a namespace also deletes its trace. */
    TRACE_DELETED_WITH_THE_RECORDS,
    /** An operator says that a namespace is new although processes have just issued IDs of it. */
    CREATED_WHILE_IN_USE,
    /** A node record is lost, while everything else is kept. */
    ONE_NODE_RECORD_LOST,
    /** A server's clock is wrong by more than the guard allows. */
    CLOCKS_APART_BY_MORE_THAN_THE_GUARD,
    /** A larger {@code ahead} is rolled out without raising {@code guard} first. */
    AHEAD_RAISED_IN_ONE_STEP,
    /** {@code guard} is raised before a larger {@code ahead}, but by the difference instead of twice the difference. */
    GUARD_RAISED_BY_THE_DIFFERENCE_ALONE;

    /** Returns what a server with this mistake does not compare. */
    Set<Omission> omissions() {
        return switch (this) {
            case NODE_RECORD_NOT_COMPARED -> Set.of(Omission.NODE_RECORD);
            case NAMESPACE_RECORD_NOT_COMPARED -> Set.of(Omission.NAMESPACE_RECORD);
            case REVISIONS_COMPARED_ALONE -> Set.of(Omission.CONTENT);
            case TRACE_NOT_COMPARED -> Set.of(Omission.TRACE);
            default -> Set.of();
        };
    }

    boolean isOfARollout() {
        return this == AHEAD_RAISED_IN_ONE_STEP || this == GUARD_RAISED_BY_THE_DIFFERENCE_ALONE;
    }
}
