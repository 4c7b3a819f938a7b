package io.snowline.jmh;

/** Counts of calls by how long they took, to within 1/32. Not thread-safe. */
final class Latencies {

    private static final int STEPS = 32;

    private final long[] counts = new long[64 * STEPS];
    private long longest;

    void add(long nanos) {
        counts[bucket(Math.max(1, nanos))]++;
        longest = Math.max(longest, nanos);
    }

    void add(Latencies other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        longest = Math.max(longest, other.longest);
    }

    private static int bucket(long nanos) {
        int exponent = 63 - Long.numberOfLeadingZeros(nanos);
        long step = exponent < 5 ? nanos << (5 - exponent) : nanos >> (exponent - 5);
        return exponent * STEPS + (int) (step - STEPS);
    }

    /** Returns an upper bound, in nanoseconds, for the time that this share of the calls took. */
    double quantile(double share) {
        long calls = 0;
        for (long count : counts) {
            calls += count;
        }
        long rank = (long) Math.ceil(calls * share);
        int bucket = -1;
        while (rank > 0) {
            bucket++;
            rank -= counts[bucket];
        }
        return Math.scalb(1 + (bucket % STEPS + 1) / (double) STEPS, bucket / STEPS);
    }

    long longest() {
        return longest;
    }
}
