package io.snowline.server.testing;

/** How far faults go: as far as docs/safety.md says with {@code -Pfaults}, and less far, but as often, in every build. */
public final class Extent {

    private static final boolean FULL = Boolean.getBoolean("snowline.faults.full");

    private Extent() {}

    /** Returns the first value with {@code -Pfaults}, and the second in every build. */
    public static <T> T of(T full, T brief) {
        return FULL ? full : brief;
    }
}
