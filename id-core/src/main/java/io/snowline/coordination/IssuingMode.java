package io.snowline.coordination;

import java.util.Locale;

/** How the IDs of a namespace are issued; one namespace has one mode. */
public enum IssuingMode {
    /** A process leases a node id and a window of ticks, and stamps IDs in memory. */
    LEASED,
    /** Every batch is reserved under the node id's lock and recorded before it is handed out. */
    RECORDED;

    /** Returns the name used in configurations and records. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the mode with the given name.
     *
     * @throws IllegalArgumentException if there is no such mode
     */
    public static IssuingMode of(String text) {
        for (IssuingMode mode : values()) {
            if (mode.text().equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("mode must be leased or recorded, got '" + text + "'");
    }
}
