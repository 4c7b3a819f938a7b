package io.snowline.simulation;

/** What a simulated clock or listener unexpectedly throws: sometimes an exception, sometimes an error. */
final class Planted {

    private static final class PlantedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        PlantedException() {
            super("planted", null, false, false);
        }
    }

    private static final class PlantedError extends Error {
        private static final long serialVersionUID = 1;

        PlantedError() {
            super("planted", null, false, false);
        }
    }

    private Planted() {}

    static Error error() {
        return new PlantedError();
    }

    static RuntimeException exception() {
        return new PlantedException();
    }

    /** Tells whether something was thrown on purpose. */
    static boolean is(Throwable thrown) {
        return thrown instanceof PlantedException || thrown instanceof PlantedError;
    }
}
