package io.snowline.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** The walk itself, on scenes whose paths can be counted by hand. */
class ExplorerTest {

    private static final int NO_LIMIT = 1_000;

    /** Two threads that increment one number, each by a read and a write. */
    private static final class Counter implements Scene {
        private final IntUnaryOperator touches;
        private final int[] done = new int[2];
        private final int[] read = new int[2];
        private final Set<Integer> results;
        private int value;

        Counter(IntUnaryOperator touches, Set<Integer> results) {
            this.touches = touches;
            this.results = results;
        }

        @Override
        public List<Event> enabled() {
            List<Event> events = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                int who = thread;
                if (done[who] == 0) {
                    events.add(Event.of(who + " reads", touches.applyAsInt(who) | Step.READ, () -> read(who)));
                } else if (done[who] == 1) {
                    events.add(Event.of(
                            who + " writes", touches.applyAsInt(who) | Step.READ | Step.WRITE, () -> write(who)));
                }
            }
            return events;
        }

        private void read(int who) {
            done[who]++;
            read[who] = value;
        }

        private void write(int who) {
            done[who]++;
            value = read[who] + 1;
            if (done[0] + done[1] == 4) {
                results.add(value);
            }
        }

        @Override
        public void narrateTo(Consumer<String> listener) {
            // its steps are its whole state
        }

        @Override
        public void close() {
            // nothing runs
        }
    }

    /** Threads whose steps touch separate things, or all touch one thing. */
    private static final class Steps implements Scene {
        private final int[] left;
        private final boolean apart;
        private final int failsAfter;
        private final int[] taken = new int[2];

        Steps(int first, int second, boolean apart, int failsAfter) {
            this.left = new int[] {first, second};
            this.apart = apart;
            this.failsAfter = failsAfter;
        }

        @Override
        public List<Event> enabled() {
            List<Event> events = new ArrayList<>();
            for (int thread = 0; thread < left.length; thread++) {
                int who = thread;
                if (left[who] > 0) {
                    int touches = apart ? Step.FIRST_FREE << who : Step.FIRST_FREE;
                    events.add(Event.of(who + " takes step " + left[who], touches, () -> take(who)));
                }
            }
            return events;
        }

        private void take(int who) {
            left[who]--;
            taken[who]++;
            if (taken[0] == failsAfter && taken[1] == 0) {
                throw new AssertionError("the first was faster");
            }
        }

        @Override
        public void narrateTo(Consumer<String> listener) {
            // its steps are its whole state
        }

        @Override
        public void close() {
            // nothing runs
        }
    }

    private static Steps steps(boolean apart, int failsAfter) {
        return new Steps(3, 3, apart, failsAfter);
    }

    @Test
    void stepsThatDependOnEachOtherAreTakenInEveryOrder() {
        Explorer.Tally tally = new Explorer(() -> steps(false, -1), NO_LIMIT).walk();
        assertThat(tally).isEqualTo(new Explorer.Tally(20, 69, 0, 6)); // 6 over 3 paths
    }

    @Test
    void stepsThatAreIndependentAreTakenInOneOrder() {
        assertThat(new Explorer(() -> steps(true, -1), NO_LIMIT).walk().paths()).isEqualTo(1);
    }

    @Test
    void aLostUpdateIsFoundAndNoResultIsLeftOut() {
        Set<Integer> everyOrder = new HashSet<>();
        Set<Integer> reduced = new HashSet<>();
        Explorer.Tally all = new Explorer(() -> new Counter(who -> Step.FIRST_FREE, everyOrder), NO_LIMIT).walk();
        Explorer.Tally few = new Explorer(() -> new Counter(who -> Step.FIRST_FREE << who, reduced), NO_LIMIT).walk();
        assertThat(all.paths()).isEqualTo(6);
        assertThat(few.paths()).isLessThan(6);
        assertThat(reduced).isEqualTo(everyOrder).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void aLimitCutsPathsOff() {
        assertThat(new Explorer(() -> steps(false, -1), 2).walk()).isEqualTo(new Explorer.Tally(4, 7, 0, 2));
    }

    @Test
    void aFailureTellsItsChoicesAndFailsAgainWhenTheyAreReplayed() {
        Explorer explorer = new Explorer(() -> steps(false, 2), NO_LIMIT);
        WalkFailure failure = catchThrowableOfType(WalkFailure.class, explorer::walk);
        assertThat(failure)
                .hasMessageContaining("the first was faster")
                .hasMessageContaining("after the choices 0,0")
                .hasMessageContaining(" 2. 0 takes step 2");
        assertThat(WalkFailure.parse(WalkFailure.text(failure.choices()))).isEqualTo(failure.choices());
        assertThatThrownBy(() -> WalkFailure.replay(() -> steps(false, 2), failure.choices(), new ArrayList<>()))
                .hasMessage("the first was faster");
    }

    @Test
    void aSceneThatDoesNotRepeatItselfIsRefused() {
        int[] scenes = new int[1];
        Explorer explorer = new Explorer(() -> new Steps(1, ++scenes[0], false, -1), NO_LIMIT);
        assertThatThrownBy(explorer::walk).hasMessageContaining("does not repeat itself");
    }
}
