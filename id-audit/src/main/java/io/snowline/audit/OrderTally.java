package io.snowline.audit;

/**
 * What is kept of a sequence of IDs: how many there are, the least and the greatest, and the steps back. A step back is an
 * ID that is not larger than the one before it.
 *
 * <p>Not thread-safe.
 */
final class OrderTally {

    private final int tickShift;
    private long count;
    private long least = Long.MAX_VALUE;
    private long greatest = -1;
    private long previous = -1;
    private long stepsBack;
    private long farStepsBack;
    private long largestStep = -1;
    private long largestStepIndex = -1;

    /** A step back of at least this many ticks is far. */
    private final long far;

    /**
     * @param tickShift how far an ID must be shifted to the right to give its tick
     * @param far a step back of at least this many ticks is far
     */
    OrderTally(int tickShift, long far) {
        this.tickShift = tickShift;
        this.far = far;
    }

    /**
     * Adds an ID.
     *
     * @param index where it stands in its input
     */
    void add(long id, long index) {
        if (id <= previous) {
            stepBack((previous >>> tickShift) - (id >>> tickShift), index);
        }
        least = Math.min(least, id);
        greatest = Math.max(greatest, id);
        previous = id;
        count++;
    }

    private void stepBack(long ticks, long index) {
        stepsBack++;
        if (ticks >= far) {
            farStepsBack++;
        }
        if (ticks > largestStep) {
            largestStep = ticks;
            largestStepIndex = index;
        }
    }

    long count() {
        return count;
    }

    /** Returns the least ID, if there is any. */
    long least() {
        return least;
    }

    /** Returns the greatest ID, or -1 if there is none. */
    long greatest() {
        return greatest;
    }

    long stepsBack() {
        return stepsBack;
    }

    long farStepsBack() {
        return farStepsBack;
    }

    /** Returns the ticks of the largest step back, or -1 if there is none. */
    long largestStep() {
        return largestStep;
    }

    /** Returns the index of the ID that the largest step back led to, or -1 if there is none. */
    long largestStepIndex() {
        return largestStepIndex;
    }
}
