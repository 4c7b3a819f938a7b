package io.snowline.lease;

/** Opens to the concurrency checkers what only a lease keeper does to a window. */
public final class StressedWindows {

    private StressedWindows() {}

    public static void extend(Window window, long end) {
        window.extendTo(end);
    }
}
