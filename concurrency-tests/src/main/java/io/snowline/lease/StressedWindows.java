package io.snowline.lease;

/** Gives the concurrency tests access to what otherwise only a lease keeper does to a window. */
public final class StressedWindows {

    private StressedWindows() {}

    public static void extend(Window window, long end) {
        window.extendTo(end);
    }
}
