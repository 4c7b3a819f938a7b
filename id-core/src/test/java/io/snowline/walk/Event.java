package io.snowline.walk;

/** A step, and how to take it. Checks that fail throw an {@link AssertionError} out of the action. */
record Event(Step step, Runnable action) {

    static Event of(String name, int touches, Runnable action) {
        return new Event(new Step(name, touches), action);
    }
}
