package io.snowline.simulation;

import io.snowline.coordination.ReservationSettings;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * How an operator raises {@code ahead} while everything runs: first {@code guard} by twice the difference on every
 * process; then, when the last old one is gone, {@code ahead}. Twice, because a step that writes a floor is late only
 * after half the guard.
 */
final class Rollout {

    private static final long BEGINS_MILLIS = 3_000;
    private static final long LONGEST_GAP_MILLIS = 1_500;
    private static final long BETWEEN_STEPS_MILLIS = 6_000; // a process that stops is gone after five seconds

    private final World world;
    private final Trouble trouble;
    private final Timeline timeline;
    private final Duration by;
    private final Duration guardRaisedBy;
    private final boolean inOneStep;
    private final long longestStepMillis;

    Rollout(World world, Trouble trouble, Mistake mistake) {
        this.world = world;
        this.trouble = trouble;
        this.timeline = world.timeline();
        this.by = world.scenario().raisedBy();
        this.guardRaisedBy = by.multipliedBy(mistake == Mistake.GUARD_RAISED_BY_THE_DIFFERENCE_ALONE ? 1 : 2);
        this.inOneStep = mistake == Mistake.AHEAD_RAISED_IN_ONE_STEP;
        this.longestStepMillis = LONGEST_GAP_MILLIS
                * world.scenario().groups().stream()
                        .mapToInt(Scenario.Group::processes)
                        .sum();
    }

    void begin() {
        if (!by.isZero()) {
            if (!inOneStep) {
                timeline.after(BEGINS_MILLIS, () -> change(0, this::withLargerGuard));
            }
            timeline.after(aheadFromMillis(), () -> change(0, this::withLargerAhead));
        }
    }

    private long aheadFromMillis() {
        return inOneStep ? BEGINS_MILLIS : BEGINS_MILLIS + longestStepMillis + BETWEEN_STEPS_MILLIS;
    }

    /** Returns when all of it is done; 0 if there is nothing to do. */
    long endsAtMillis() {
        return by.isZero() ? 0 : aheadFromMillis() + longestStepMillis + LONGEST_GAP_MILLIS;
    }

    private ReservationSettings withLargerGuard(ReservationSettings now) {
        return new ReservationSettings(
                now.ahead(),
                now.renewEvery(),
                now.takeoverGrace(),
                now.guard().plus(guardRaisedBy),
                now.maxClockSkew());
    }

    private ReservationSettings withLargerAhead(ReservationSettings now) {
        return new ReservationSettings(
                now.ahead().plus(by), now.renewEvery(), now.takeoverGrace(), now.guard(), now.maxClockSkew());
    }

    /** Restarts the processes, one after the other, with changed settings. */
    private void change(int index, UnaryOperator<ReservationSettings> settings) {
        if (index < world.places().size()) {
            World.Place place = world.places().get(index);
            place.settings = settings.apply(place.settings);
            timeline.note(() -> "rollout: " + place.process + " is restarted with " + place.settings);
            place.process.stop();
            world.start(place);
            if (timeline.chance(0.7)) {
                timeline.after(timeline.between(5, 400), trouble::loss); // before the others have seen the change
            }
            timeline.after(timeline.between(100, LONGEST_GAP_MILLIS), () -> change(index + 1, settings));
        }
    }
}
