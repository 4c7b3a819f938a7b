package io.snowline.walk;

import io.snowline.coordination.IssuingMode;
import io.snowline.simulated.Comparison.Omission;
import io.snowline.simulated.Fibers;
import io.snowline.walk.World.Mishap;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The walks: how each begins, what may happen in it, and how often. Whatever may happen at some point of a path may
 * also happen later, or not at all; a path ends when nothing is left that may happen, so no limit cuts it off.
 */
enum Walk {

    /** The store is empty and both processes start: which one creates the namespace, and which one gets the node id? */
    FIRST_START("FLOOR_RAISED", "WAITING", "ACQUIRED", "a stamps", "b stamps") {
        @Override
        World begin(int more) {
            World world = new World(new Budget().unanswered(more));
            world.leased(
                            "a",
                            new Work()
                                    .stamps(1 + whole(more), 3)
                                    .timers(1 + whole(more))
                                    .starts(1))
                    .start();
            world.leased("b", new Work().stamps(1, 3).timers(1).starts(1)).start();
            return world.storePasses(World.TICK.multipliedBy(4));
        }
    },

    /** Both start while the namespace exists; the one that gets the node id may crash at any point, and start again. */
    CRASH("ACQUIRED", "a stamps", "b stamps") {
        @Override
        World begin(int more) {
            World world = new World(new Budget().crashes(1)).prepared(IssuingMode.LEASED);
            world.leased(
                            "a",
                            new Work()
                                    .stamps(1 + Math.max(more, 0), 3)
                                    .timers(whole(more))
                                    .starts(2))
                    .start();
            world.leased("b", new Work().stamps(1, 3).timers(more).starts(1)).start();
            return world.storePasses(World.TICK.multipliedBy(6));
        }
    },

    /** One holds the node id and is slow, for longer than its window lasts; the other takes it over meanwhile. */
    TAKE_OVER("LOST", "RENEWED", "a stamps", "b stamps") {
        @Override
        World begin(int more) {
            World world = new World(new Budget().unanswered(more)).prepared(IssuingMode.LEASED);
            Work a = new Work().stamps(2, 5).timers(2).starts(1);
            holding(world, "a", a);
            a.passes(World.TICK.multipliedBy(6));
            world.leased("b", new Work().stamps(1, 3).timers(1).starts(1)).start();
            return world.storePasses(World.TICK.multipliedBy(6));
        }
    },

    /** Callers use up the window and hurry the keeper, whose node id may belong to the other process by then. */
    USED_UP("HURRIED", "LOST", "RENEWED", "WINDOW_AHEAD", "a stamps", "b stamps") {
        @Override
        World begin(int more) {
            World world = new World(new Budget().unanswered(1).repeated(more)).prepared(IssuingMode.LEASED);
            Work a = new Work().stamps(2, 9).timers(1).hurries(2).starts(1);
            holding(world, "a", a);
            a.passes(World.TICK.multipliedBy(3));
            world.leased("b", new Work().stamps(1, 3).starts(1)).start();
            return world.storePasses(World.TICK.multipliedBy(6));
        }
    },

    /** One has lost the node id and does not know it; the other gives it back, and the first may get it again. */
    REGAIN("LOST", "RELEASED", "ACQUIRED", "a stamps", "b stamps") {
        @Override
        World begin(int more) {
            World world = new World(new Budget().closes(1).unanswered(more)).prepared(IssuingMode.LEASED);
            Work a = new Work().stamps(2, 12).inBatchesOf(3).timers(2).starts(1);
            holding(world, "a", a);
            a.passes(World.TICK.multipliedBy(6));
            world.store.pass(World.TICK.multipliedBy(6));
            holding(world, "b", new Work().stamps(1, 3).timers(more).starts(1));
            return world;
        }
    },

    /** One stops while it stamps, and another starts: no position that is given back was stamped. */
    RELEASE("RELEASED", "CLOSED", "a stamps", "b stamps") {
        @Override
        World begin(int more) {
            World world = new World(new Budget().closes(1)).prepared(IssuingMode.LEASED);
            holding(
                    world,
                    "a",
                    new Work()
                            .stamps(1 + Math.max(more, 0), 1)
                            .stepByStep()
                            .timers(1)
                            .starts(1));
            world.leased("b", new Work().stamps(1, 3).timers(more).starts(1)).start();
            return world;
        }
    },

    /** Requests and replies are lost, delayed and repeated. */
    LOST_AND_REPEATED("AT_RISK", "RECOVERED", "a stamps") {
        @Override
        World begin(int more) {
            World world =
                    new World(new Budget().unanswered(1 + whole(more)).repeated(1 + more)).prepared(IssuingMode.LEASED);
            holding(world, "a", new Work().stamps(1, 7).timers(2).starts(1));
            world.leased("b", new Work().stamps(1, 3).starts(1)).start();
            return world.storePasses(World.TICK.multipliedBy(2));
        }
    },

    /** The store is wiped, or fails over to a replica that lags, with windows in use. */
    FORGETFUL_STORE("HURRIED", "FLOOR_RAISED", "a stamps", "b stamps") {
        @Override
        World begin(int more) {
            World world = new World(new Budget()).prepared(IssuingMode.LEASED);
            holding(world, "a", new Work().stamps(1, 8).timers(more).hurries(1).starts(1));
            world.leased(
                            "b",
                            new Work()
                                    .stamps(1, 8)
                                    .timers(1)
                                    .hurries(1)
                                    .starts(1)
                                    .passes(World.TICK.multipliedBy(3)))
                    .start();
            return world.storePasses(World.TICK.multipliedBy(6))
                    .mishap(Mishap.WIPED)
                    .mishap(Mishap.FAILED_OVER);
        }
    },

    /** The records are deleted while two processes create the namespace; each may be paused in the middle of that. */
    DELETED_WHEN_NEW("FLOOR_RAISED", "ACQUIRED", "a stamps", "b stamps") {
        @Override
        World begin(int more) {
            World world = new World(new Budget().unanswered(more)).traced();
            world.leased("a", new Work().stamps(1, 3).timers(1).starts(1)).start();
            world.leased("b", new Work().stamps(1, 3).timers(more).starts(1)).start();
            return world.mishap(Mishap.DELETED);
        }
    },

    /** The records are deleted under a process that has a window, while another starts. */
    DELETED_IN_USE("FLOOR_RAISED", "LOST", "a stamps", "b stamps") {
        @Override
        World begin(int more) {
            World world = new World(new Budget().unanswered(more)).traced().prepared(IssuingMode.LEASED);
            holding(world, "a", new Work().stamps(1, 8).timers(1 + whole(more)).starts(1));
            world.leased("b", new Work().stamps(1, 3).timers(2).starts(1)).start();
            return world.storePasses(World.TICK.multipliedBy(6)).mishap(Mishap.DELETED);
        }
    },

    /** The same in a store without a clock. */
    DELETED_CLOCKLESS("FLOOR_RAISED", "LOST", "a stamps", "b stamps") {
        @Override
        World begin(int more) {
            World world = new World(new Budget().unanswered(more))
                    .traced()
                    .clockless()
                    .prepared(IssuingMode.LEASED);
            holding(world, "a", new Work().stamps(1, 8).timers(1 + whole(more)).starts(1));
            world.leased("b", new Work().stamps(1, 3).timers(more).starts(1)).start();
            return world.timePasses(World.TICK.multipliedBy(6)).mishap(Mishap.DELETED);
        }
    },

    /** The clocks of both processes advance, and are set, at any time. */
    CLOCKS("HURRIED", "RENEWED", "a stamps", "b stamps") {
        @Override
        World begin(int more) {
            World world = new World(new Budget()).prepared(IssuingMode.LEASED);
            Work a = new Work()
                    .stamps(1, 3)
                    .timers(1 + Math.max(more, 0))
                    .hurries(1)
                    .starts(1);
            holding(world, "a", a);
            a.passes(World.TICK.multipliedBy(3)).wallSet(World.TICK.multipliedBy(-9));
            world.leased("b", new Work().stamps(1, 3).starts(1).wallSet(World.TICK.multipliedBy(9)))
                    .start();
            return world.storePasses(World.TICK.multipliedBy(6));
        }
    },

    /** Two processes record IDs of one node id; the lock expires, messages are lost and repeated. */
    RECORDED("a stamps", "b stamps") {
        @Override
        World begin(int more) {
            World world = new World(new Budget().unanswered(whole(more)).repeated(more)).prepared(IssuingMode.RECORDED);
            world.recorded("a", new Work().stamps(1, 2).timers(more).starts(1)).start();
            world.recorded("b", new Work().stamps(1, 2).starts(1)).start();
            return world.mishap(Mishap.LOCK_EXPIRES);
        }
    },

    /** Recorded mode with a crash of either process at any point. */
    RECORDED_CRASH("a stamps", "b stamps") {
        @Override
        World begin(int more) {
            World world = new World(new Budget().crashes(1).repeated(more)).prepared(IssuingMode.RECORDED);
            world.recorded("a", new Work().stamps(1 + Math.max(more, 0), 2).starts(1 + more))
                    .start();
            world.recorded("b", new Work().stamps(1, 2).starts(1)).start();
            return world.mishap(Mishap.LOCK_EXPIRES);
        }
    },

    /** Recorded mode over a store that is wiped, or fails over. */
    RECORDED_FORGETFUL("FLOOR_RAISED", "a stamps", "b stamps") {
        @Override
        World begin(int more) {
            World world = new World(new Budget().unanswered(more)).prepared(IssuingMode.RECORDED);
            world.recorded("a", new Work().stamps(1 + Math.max(more, 0), 3).starts(1))
                    .start();
            world.recorded("b", new Work().stamps(1, 3).starts(1)).start();
            return world.storePasses(World.TICK.multipliedBy(4))
                    .mishap(Mishap.WIPED)
                    .mishap(Mishap.FAILED_OVER)
                    .mishapsAtMost(1);
        }
    };

    /** How much more may happen than in the whole walk; -1 is its short form, for the build. */
    static final int DEPTH = Integer.getInteger("snowline.walk.depth", -1);

    /** Stands in for "no limit": longer than any path. */
    private static final int NO_LIMIT = 1_000;

    private final String expected;

    Walk(String... expected) {
        this.expected = String.join(",", expected);
    }

    private static void holding(World world, String name, Work work) {
        LeasedProcess process = world.leased(name, work);
        process.start();
        process.settle();
    }

    /** Returns 1 in the whole walk, and 0 in its short form. */
    private static int whole(int more) {
        return more < 0 ? 0 : 1;
    }

    /**
     * Makes the scene of this walk.
     *
     * @param more how much more may happen in it than in the whole walk; negative: less, as in the build
     */
    abstract World begin(int more);

    /**
     * Walks it.
     *
     * @param seen receives what was seen on any path
     */
    Explorer.Tally walk(Set<String> seen) {
        try (Fibers fibers = new Fibers()) {
            return new Explorer(() -> begin(DEPTH).on(fibers).collectIn(seen), NO_LIMIT).walk();
        }
    }

    /**
     * Walks until something is seen, on code or over a store with a mistake in it. Called by name from another class
     * loader, so its arguments are strings.
     *
     * @param omissions what the store does not compare, separated by commas
     * @return what was seen; empty if nothing was
     */
    static String firstFailure(String walk, String omissions) {
        Walk walked = valueOf(walk);
        Set<Omission> omitted = EnumSet.noneOf(Omission.class);
        Stream.of(omissions.split(","))
                .filter(name -> !name.isEmpty())
                .map(Omission::valueOf)
                .forEach(omitted::add);
        try (Fibers fibers = new Fibers()) {
            new Explorer(() -> walked.begin(DEPTH).on(fibers).over(omitted), NO_LIMIT).walk();
            return "";
        } catch (WalkFailure failure) {
            return String.valueOf(failure.getMessage());
        }
    }

    /** Walks one path again, and returns what happens on it; throws whatever its last step throws. */
    List<String> replay(List<Integer> choices) {
        List<String> trace = new ArrayList<>();
        try (Fibers fibers = new Fibers()) {
            WalkFailure.replay(() -> begin(DEPTH).on(fibers), choices, trace);
        }
        return trace;
    }

    /** Returns what some path must have shown: a walk on which nothing happens would prove nothing. */
    List<String> expected() {
        return List.of(expected.split(","));
    }
}
