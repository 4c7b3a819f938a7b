package io.snowline.load;

import java.util.Locale;

/**
 * How long everything takes.
 *
 * @param warmUp seconds of load before anything counts
 * @param count rounds, in which the servers take turns
 * @param seconds the length of one round
 */
record Rounds(int warmUp, int count, int seconds) {

    static final Rounds FULL = new Rounds(30, 5, 10);
    static final Rounds SHORT = new Rounds(10, 3, 4);

    /** Reports progress on the console, since a run takes minutes. */
    static void tell(String what, Object... values) {
        System.err.printf(Locale.ROOT, "# " + what + "%n", values);
    }
}
