package io.snowline.walk;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;

/**
 * Walks every path of a scene, depth first, up to a number of steps. No state is stored: each path begins at a new scene
 * and takes the choices that led to the last fork again (stateless search, as in VeriSoft).
 *
 * <p>Orders that differ only in steps that are independent of each other lead to the same states; sleep sets (Godefroid)
 * leave out all but one of them. A step that was walked from a fork is asleep in the subtrees of its siblings until a step
 * that depends on it is taken. Sleep sets alone leave out no state, and equivalent orders have the same number of steps,
 * so the limit cuts none of them off.
 */
final class Explorer {

    private final Supplier<? extends Scene> scenes;
    private final int limit;
    private final List<Fork> path = new ArrayList<>();
    private long paths;
    private long redundant;
    private long states = 1;
    private int longest;

    /**
     * A place on the path: the steps that were possible there, those that need no walk (any more), and the one taken.
     */
    private static final class Fork {
        final List<Step> options;
        final List<Step> asleep;
        int taken;

        Fork(List<Step> options, List<Step> asleep) {
            this.options = options;
            this.asleep = asleep;
            this.taken = nextAwake(0);
        }

        int nextAwake(int from) {
            int next = from;
            while (next < options.size() && asleep.contains(options.get(next))) {
                next++;
            }
            return next;
        }

        Step step() {
            return options.get(taken);
        }

        boolean exhausted() {
            return taken == options.size();
        }

        /** Goes on to the next option; the one taken before sleeps from now on. */
        void advance() {
            asleep.add(step());
            taken = nextAwake(taken + 1);
        }

        List<Step> asleepAfterwards() {
            List<Step> still = new ArrayList<>();
            for (Step step : asleep) {
                if (step.independentOf(step())) {
                    still.add(step);
                }
            }
            return still;
        }
    }

    /**
     * The result of a walk.
     *
     * @param paths how many paths were walked to their end
     * @param states how many different places those paths have, including the start
     * @param redundant how many paths were abandoned because only steps that need no walk were left
     * @param longest the number of steps of the longest path
     */
    record Tally(long paths, long states, long redundant, int longest) {}

    /**
     * @param scenes makes scenes that all start in the same state
     * @param limit the maximum number of steps of a path
     */
    Explorer(Supplier<? extends Scene> scenes, int limit) {
        this.scenes = scenes;
        this.limit = limit;
    }

    /**
     * Walks all paths.
     *
     * @throws WalkFailure at the first step whose check fails
     */
    Tally walk() {
        return walk(share -> {});
    }

    /**
     * Walks all paths.
     *
     * @param progress told after each path about which share of all is done, from 0 to 1
     * @throws WalkFailure at the first step whose check fails
     */
    Tally walk(DoubleConsumer progress) {
        do {
            walkOne();
            progress.accept(share());
        } while (nextPath());
        return new Tally(paths, states, redundant, longest);
    }

    /** Returns which share of the tree lies before the path, as if all options of a fork led to equally many paths. */
    private double share() {
        double share = 0;
        double width = 1;
        for (Fork fork : path) {
            width /= fork.options.size();
            share += width * fork.taken;
        }
        return share;
    }

    private void walkOne() {
        try (Scene scene = scenes.get()) {
            for (Fork fork : path) {
                take(scene.enabled(), fork);
            }
            walkOn(scene);
        } catch (AssertionError | RuntimeException e) {
            throw WalkFailure.of(scenes, choices(), e);
        }
    }

    private void walkOn(Scene scene) {
        while (path.size() < limit) {
            List<Event> events = scene.enabled();
            List<Step> asleep = path.isEmpty()
                    ? new ArrayList<>()
                    : path.get(path.size() - 1).asleepAfterwards();
            Fork fork = new Fork(events.stream().map(Event::step).toList(), asleep);
            if (fork.exhausted()) {
                ended(events.isEmpty());
                return;
            }
            path.add(fork);
            states++;
            take(events, fork);
        }
        ended(true);
    }

    private void ended(boolean atItsEnd) {
        if (atItsEnd) {
            paths++;
        } else {
            redundant++;
        }
        longest = Math.max(longest, path.size());
    }

    private static void take(List<Event> events, Fork fork) {
        Event event = events.get(fork.taken);
        if (!event.step().equals(fork.step())) {
            throw new IllegalStateException(
                    "the scene does not repeat itself: '%s' was '%s' before".formatted(event.step(), fork.step()));
        }
        event.action().run();
    }

    private boolean nextPath() {
        while (!path.isEmpty()) {
            Fork last = path.get(path.size() - 1);
            last.advance();
            if (!last.exhausted()) {
                states++;
                return true;
            }
            path.remove(path.size() - 1);
        }
        return false;
    }

    private List<Integer> choices() {
        return path.stream().map(fork -> fork.taken).toList();
    }
}
