package io.snowline.audit;

import io.snowline.id.IdLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the likely cause of duplicates. It judges by the signs that {@link Cause} describes, and the first that is
 * present decides; it can be wrong.
 *
 * <p>Not thread-safe.
 */
final class CauseFinder {

    /** No clock that is anywhere near right stamps IDs further ahead than this. */
    private static final Duration ABSURD_LEAD = Duration.ofDays(1);

    /** This many jumps back by a day or more are not one clock that was corrected. */
    private static final long MANY_FAR_STEPS = 3;

    /**
     * A smaller step back than this may come from two threads that logged their IDs in another order than they took
     * them.
     */
    private static final long CLEAR_STEP_TICKS = 2;

    /**
     * A clock is set back a few times only; with two owners in one log, each ID may be a step back from the other
     * owner's.
     */
    private static final long MOST_CLOCK_STEPS = 3;

    private static final long MOST_CLOCK_STEPS_PER_THOUSAND = 10;

    private final List<InputTally> inputs;
    private final long firstAbsurd;
    private final Map<Inputs, Long> pairsOfInputs = new HashMap<>();

    private record Inputs(int earlier, int later) {}

    CauseFinder(List<InputTally> inputs, IdLayout layout, Instant at) {
        this.inputs = inputs;
        firstAbsurd = ClockLead.firstAfter(layout, at.plus(ABSURD_LEAD));
    }

    /** Returns the likely causes, those of the most duplicates first. */
    List<LikelyCause> explain(Map<DuplicateOrigin, DuplicateStatistics> evidence) {
        evidence.forEach((suspects, known) -> {
            var unused =
                    pairsOfInputs.merge(new Inputs(suspects.earlier(), suspects.later()), known.pairs(), Long::sum);
        });
        return evidence.entrySet().stream()
                .map(entry -> new LikelyCause(
                        cause(entry.getKey(), entry.getValue()),
                        entry.getKey(),
                        entry.getValue().pairs(),
                        entry.getValue().example()))
                .sorted(Comparator.comparingLong(LikelyCause::pairs)
                        .reversed()
                        .thenComparing(explanation -> explanation.suspects().node())
                        .thenComparing(explanation -> explanation.suspects().earlier())
                        .thenComparing(explanation -> explanation.suspects().later()))
                .toList();
    }

    private Cause cause(DuplicateOrigin suspects, DuplicateStatistics known) {
        if (!suspects.sameInput() && oneHoldsTheOther(suspects)) {
            return Cause.SAME_INPUT;
        }
        if (known.latest() >= firstAbsurd || jumps(suspects.earlier()) || jumps(suspects.later())) {
            return Cause.OTHER_LAYOUT;
        }
        return suspects.sameInput() && wentBack(suspects, known) ? Cause.CLOCK_SET_BACK : Cause.TWO_OWNERS;
    }

    private boolean oneHoldsTheOther(DuplicateOrigin suspects) {
        InputTally earlier = inputs.get(suspects.earlier());
        InputTally later = inputs.get(suspects.later());
        if (earlier.name().equals(later.name())) {
            return true;
        }
        long least = Math.min(earlier.order().count(), later.order().count());
        long pairs = pairsOfInputs.getOrDefault(new Inputs(suspects.earlier(), suspects.later()), 0L);
        return least > 1 && pairs >= least;
    }

    private boolean jumps(int input) {
        return inputs.get(input).order().farStepsBack() >= MANY_FAR_STEPS;
    }

    private boolean wentBack(DuplicateOrigin suspects, DuplicateStatistics known) {
        Optional<OrderTally> order = inputs.get(suspects.earlier()).node(suspects.node());
        return known.acrossStep() == known.pairs()
                && order.filter(CauseFinder::hardlyEverGoesBack).isPresent();
    }

    private static boolean hardlyEverGoesBack(OrderTally order) {
        long most = Math.max(MOST_CLOCK_STEPS, order.count() / 1000 * MOST_CLOCK_STEPS_PER_THOUSAND);
        return order.largestStep() >= CLEAR_STEP_TICKS && order.stepsBack() <= most;
    }
}
