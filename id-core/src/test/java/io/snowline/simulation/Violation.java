package io.snowline.simulation;

/** A promise that was broken in a simulated run. */
final class Violation extends AssertionError {

    private static final long serialVersionUID = 1;

    Violation(String message) {
        super(message);
    }
}
