package io.snowline.simulated;

import java.util.logging.Level;
import java.util.logging.Logger;

/** The log of the code under test, which thousands of simulated processes would flood. */
public final class CoreLog {

    // Held here, since a logger without a strong reference forgets its level.
    private static final Logger ALL = Logger.getLogger("io.snowline");

    private CoreLog() {}

    public static void off() {
        ALL.setLevel(Level.OFF);
    }

    public static void on() {
        ALL.setLevel(null);
    }
}
