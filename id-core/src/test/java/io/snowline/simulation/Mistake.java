package io.snowline.simulation;

/** What a simulated backend or operator may get wrong, so that the simulation can show that it would notice. */
public enum Mistake {
    NONE,
    /** A step is applied whatever the node record says by then. */
    NODE_RECORD_NOT_COMPARED,
    /** A step is applied whatever the namespace record says by then. */
    NAMESPACE_RECORD_NOT_COMPARED,
    /** A promoted replica keeps its identity: only a restart changes it. */
    IDENTITY_BY_RUN_ID_ALONE,
    /** The numbers of records' states are compared, and not the records: they begin at 0 again in a namespace made anew. */
    REVISIONS_COMPARED_ALONE,
    /** A step is applied although its {@code notAfter} has passed. */
    LATE_STEP_APPLIED,
    /** A step is applied whatever the trace says by then. */
    TRACE_NOT_COMPARED,
    /** A trace is written some time after the record, and perhaps never. */
    TRACE_WRITTEN_APART,
    /** A read shows a trace that is newer than its records. */
    TRACE_READ_LAST,
    /** Whoever deletes a namespace deletes its trace as well. */
    TRACE_DELETED_WITH_THE_RECORDS,
    /** An operator says that a namespace is new, of which processes have just issued IDs. */
    CREATED_WHILE_IN_USE,
    /** A node record is lost, and everything else is kept. */
    ONE_NODE_RECORD_LOST,
    /** A server's clock is wrong by more than the guard allows. */
    CLOCKS_APART_BY_MORE_THAN_THE_GUARD,
    /** A larger {@code ahead} is rolled out without raising {@code guard} before. */
    AHEAD_RAISED_IN_ONE_STEP,
    /** {@code guard} is raised before a larger {@code ahead}, but by the difference once, not twice. */
    GUARD_RAISED_BY_THE_DIFFERENCE_ALONE;

    boolean isOfARollout() {
        return this == AHEAD_RAISED_IN_ONE_STEP || this == GUARD_RAISED_BY_THE_DIFFERENCE_ALONE;
    }
}
