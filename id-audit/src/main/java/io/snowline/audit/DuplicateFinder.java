package io.snowline.audit;

import io.snowline.id.IdLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds equal neighbours among sorted IDs, and counts those that are ahead of a clock. Keeps the first few duplicates
 * and, of the others, what is needed to tell where they come from.
 *
 * <p>Not thread-safe.
 */
final class DuplicateFinder implements ExternalSort.Visitor {

    private static final int MOST_SUSPECTS = 10_000;

    private final List<InputTally> inputs;
    private final IdLayout layout;
    private final long firstAhead;
    private final int mostShown;
    private final List<Duplicate> shown = new ArrayList<>();
    private final Map<DuplicateOrigin, DuplicateStatistics> evidence = new HashMap<>();
    private long previousId = -1;
    private long previousOrdinal;
    private long occurrences;
    private long distinct;
    private long surplus;
    private long unexplained;
    private long ahead;

    /**
     * @param firstAhead the least ID that is ahead of the clock
     * @param mostShown how many duplicates to keep
     */
    DuplicateFinder(List<InputTally> inputs, IdLayout layout, long firstAhead, int mostShown) {
        this.inputs = inputs;
        this.layout = layout;
        this.firstAhead = firstAhead;
        this.mostShown = mostShown;
    }

    @Override
    public void visit(long id, long ordinal) {
        if (id >= firstAhead) {
            ahead++;
        }
        if (id == previousId) {
            repeated(new Duplicate(id, place(previousOrdinal), place(ordinal), 2));
        } else {
            occurrences = 1;
        }
        previousId = id;
        previousOrdinal = ordinal;
    }

    private void repeated(Duplicate pair) {
        occurrences++;
        surplus++;
        if (occurrences == 2) {
            distinct++;
            if (shown.size() < mostShown) {
                shown.add(pair);
            }
        } else if (distinct == shown.size()) {
            int last = shown.size() - 1;
            shown.set(last, shown.get(last).oneMore());
        }
        keepEvidence(pair);
    }

    private void keepEvidence(Duplicate pair) {
        DuplicateOrigin suspects = new DuplicateOrigin(
                layout.node(pair.id()), pair.first().input(), pair.second().input());
        boolean across = acrossStep(suspects, pair);
        DuplicateStatistics known = evidence.get(suspects);
        if (known != null) {
            evidence.put(suspects, known.with(pair, across));
        } else if (evidence.size() < MOST_SUSPECTS) {
            evidence.put(suspects, DuplicateStatistics.of(pair, across));
        } else {
            unexplained++;
        }
    }

    /** Tells whether the largest step back of a node id lies between two places of one input. */
    private boolean acrossStep(DuplicateOrigin suspects, Duplicate pair) {
        if (!suspects.sameInput()) {
            return false;
        }
        return inputs.get(suspects.earlier())
                .node(suspects.node())
                .filter(order -> pair.first().index() < order.largestStepIndex()
                        && order.largestStepIndex() <= pair.second().index())
                .isPresent();
    }

    /** Returns where an ID stands: in the last input that does not begin after it. */
    private IdPosition place(long ordinal) {
        int low = 0;
        int high = inputs.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (inputs.get(middle).base() <= ordinal) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return new IdPosition(low, ordinal - inputs.get(low).base());
    }

    /** Returns the first few duplicates, by ID. */
    List<Duplicate> shown() {
        return Collections.unmodifiableList(shown);
    }

    /** Returns how many IDs occur more than once. */
    long distinct() {
        return distinct;
    }

    /** Returns how many occurrences there are beyond the first of each ID. */
    long surplus() {
        return surplus;
    }

    /** Returns how many of those are not in {@link #evidence}, because they come from too many places. */
    long unexplained() {
        return unexplained;
    }

    Map<DuplicateOrigin, DuplicateStatistics> evidence() {
        return Collections.unmodifiableMap(evidence);
    }

    /** Returns how many IDs are ahead of the clock, repeated ones included. */
    long ahead() {
        return ahead;
    }
}
