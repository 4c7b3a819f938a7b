package io.snowline.simulated;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells every ten seconds, on standard error, how far a long test is, and how much longer it will take if it goes on as
 * fast.
 *
 * <p>Thread-safe.
 */
public final class Progress {

    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private final String what;
    private final long begun = System.nanoTime();
    private final AtomicLong told = new AtomicLong(begun);

    /** @param what the work, which begins now */
    public Progress(String what) {
        this.what = what;
    }

    /**
     * Tells of it, if it is time.
     *
     * @param share the part of the work that is done, from 0 to 1
     */
    public void tell(double share) {
        long now = System.nanoTime();
        long last = told.get();
        if (share > 0 && now - last >= PAUSE_NANOS && told.compareAndSet(last, now)) {
            System.err.println(line(what, share, Duration.ofNanos(now - begun)));
        }
    }

    static String line(String what, double share, Duration taken) {
        long left = (long) Math.ceil(taken.toMillis() / 1000.0 * (1 - share) / share);
        return String.format(
                Locale.ROOT,
                "%s: %.1f %% in %d s, %s more",
                what,
                100 * share,
                taken.toSeconds(),
                left < 120 ? left + " s" : left / 60 + " min");
    }
}
