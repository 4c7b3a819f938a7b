package io.snowline.simulated;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.Replacement.NodeChange;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.coordination.support.RecordSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How servers compare a step with what they have: exactly, or leaving something out, so that a simulation can show that
 * it notices. Servers that copy each other's records share one. Not thread-safe.
 */
public final class Comparison {

    /** What a careless server leaves out. */
    public enum Omission {
        NAMESPACE_RECORD,
        NODE_RECORD,
        /**
         * Of both records it compares only how often they were written, which begins at 0 again in a namespace that is
         * made anew.
         */
        CONTENT,
        TRACE
    }

    private final Set<Omission> omissions = EnumSet.noneOf(Omission.class);

    /** How often a record had been written before it became the one with this token. */
    private final Map<String, Long> revisions = new HashMap<>();

    /** Leaves out some parts from now on. */
    public void omit(Set<Omission> parts) {
        omissions.addAll(parts);
    }

    /** Tells whether the records are those that a step expects, as far as they are compared. */
    public boolean holds(RecordSet records, Replacement step) {
        return records.matches(forgiving(records, step));
    }

    /** Returns the step, expecting what is there wherever nothing is compared. */
    private Replacement forgiving(RecordSet records, Replacement step) {
        Optional<Stored<NamespaceRecord>> namespace = omissions.contains(Omission.NAMESPACE_RECORD)
                        || revisionsAlike(
                                step.expected().map(stored -> stored.record().token()),
                                records.namespace().map(NamespaceRecord::token))
                ? records.namespace().map(record -> new Stored<>(record, 0))
                : step.expected();
        return new Replacement(
                step.identity(),
                namespace,
                step.namespace(),
                step.node().map(change -> forgiving(records, change)),
                step.notAfter(),
                step.trace());
    }

    private NodeChange forgiving(RecordSet records, NodeChange change) {
        Optional<NodeRecord> there =
                Optional.ofNullable(records.nodes().get(change.next().node()));
        boolean alike = omissions.contains(Omission.NODE_RECORD)
                || revisionsAlike(
                        change.expected().map(stored -> stored.record().token()), there.map(NodeRecord::token));
        return alike ? new NodeChange(there.map(record -> new Stored<>(record, 0)), change.next()) : change;
    }

    private boolean revisionsAlike(Optional<String> expected, Optional<String> there) {
        return omissions.contains(Omission.CONTENT)
                && expected.map(this::revision).equals(there.map(this::revision));
    }

    private long revision(String token) {
        return revisions.getOrDefault(token, 0L);
    }

    /** Returns the records after a step that holds. */
    public RecordSet write(RecordSet records, Replacement step) {
        step.namespace()
                .ifPresent(record -> number(record.token(), records.namespace().map(NamespaceRecord::token)));
        step.node()
                .map(NodeChange::next)
                .ifPresent(record -> number(
                        record.token(),
                        Optional.ofNullable(records.nodes().get(record.node())).map(NodeRecord::token)));
        return records.with(step);
    }

    private void number(String token, Optional<String> before) {
        revisions.put(token, before.map(this::revision).map(old -> old + 1).orElse(0L));
    }

    /**
     * Tells whether the trace is the one that a step expects, on a server that keeps traces.
     *
     * @param left the token of the namespace record that left the trace, if there is one
     */
    public boolean traceHolds(Optional<String> left, Replacement step) {
        return omissions.contains(Omission.TRACE)
                || switch (step.trace().kind()) {
                    case NONE -> left.isEmpty();
                    case LEFT -> left.equals(Optional.of(step.trace().token()));
                    case UNKNOWN -> !makesForgotten(step) || left.isEmpty();
                };
    }

    /** Tells whether a step leaves a trace, on a server that keeps traces. */
    public static boolean leavesTrace(Replacement step) {
        return step.trace().kind() != Trace.Kind.UNKNOWN || makesForgotten(step);
    }

    /**
     * After a restore nothing is known about the trace of a missing namespace; but there is none, and the namespace
     * gets one.
     */
    private static boolean makesForgotten(Replacement step) {
        return step.namespace().isPresent() && step.expected().isEmpty();
    }
}
