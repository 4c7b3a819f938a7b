package io.snowline.audit;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells every ten seconds how far an audit is, and how long it will take if it goes on as fast; one that is over sooner
 * says nothing. IDs are so many that it looks at the time only now and then.
 *
 * <p>Not thread-safe.
 */
final class Progress {

    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int IDS_BETWEEN_LOOKS = 1 << 16;

    private final Consumer<String> lines;
    private final LongSupplier nanoTime;
    private long begun;
    private long told;

    /**
     * @param lines gets each line, without its end
     * @param nanoTime the monotonic clock, in nanoseconds
     */
    Progress(Consumer<String> lines, LongSupplier nanoTime) {
        this.lines = lines;
        this.nanoTime = nanoTime;
        begun = nanoTime.getAsLong();
        told = begun;
    }

    /** Begins to measure the speed of another part of the work. */
    void begin() {
        begun = nanoTime.getAsLong();
    }

    /**
     * Tells of reading, if it is time.
     *
     * @param ids how many IDs have been read
     * @param octets how much of the inputs has been read
     * @param ofOctets how large they are; negative if that is not known
     */
    void read(long ids, long octets, long ofOctets) {
        if (isDue(ids)) {
            tell(String.format(Locale.ROOT, "%,d IDs read", ids), "of the input", octets, ofOctets);
        }
    }

    /** Tells of comparing, if it is time. */
    void compared(long ids, long ofIds) {
        if (isDue(ids)) {
            tell(String.format(Locale.ROOT, "%,d IDs compared", ids), "of all", ids, ofIds);
        }
    }

    private boolean isDue(long ids) {
        return ids % IDS_BETWEEN_LOOKS == 0 && nanoTime.getAsLong() - told >= PAUSE_NANOS;
    }

    private void tell(String done, String whole, long part, long of) {
        told = nanoTime.getAsLong();
        lines.accept(
                part <= 0 || of < part
                        ? done
                        : String.format(
                                Locale.ROOT, "%s, %d %% %s; %s more", done, part * 100 / of, whole, left(part, of)));
    }

    private String left(long part, long of) {
        double share = (double) part / of;
        long seconds = (long) Math.ceil((told - begun) / 1e9 * (1 - share) / share);
        return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
    }
}
