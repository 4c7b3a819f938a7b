package io.snowline.audit;

import java.time.Instant;
import java.util.List;

/**
 * What an audit found; {@link #toString} presents it to people.
 *
 * <p>Not thread-safe.
 */
public final class AuditReport {

    private final Audit audit;
    private final Instant at;
    private final List<InputTally> inputs;
    private final DuplicateFinder found;
    private final List<LikelyCause> explanations;

    AuditReport(
            Audit audit, Instant at, List<InputTally> inputs, DuplicateFinder found, List<LikelyCause> explanations) {
        this.audit = audit;
        this.at = at;
        this.inputs = List.copyOf(inputs);
        this.found = found;
        this.explanations = List.copyOf(explanations);
    }

    /** Returns how many IDs were read. */
    public long count() {
        return inputs.stream().mapToLong(input -> input.order().count()).sum();
    }

    /** Returns how many IDs occur more than once. */
    public long duplicates() {
        return found.distinct();
    }

    Audit audit() {
        return audit;
    }

    Instant at() {
        return at;
    }

    List<InputTally> inputs() {
        return inputs;
    }

    DuplicateFinder found() {
        return found;
    }

    List<LikelyCause> explanations() {
        return explanations;
    }

    @Override
    public String toString() {
        return new AuditText(this).toString();
    }
}
