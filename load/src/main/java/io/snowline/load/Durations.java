package io.snowline.load;

/** Counts of calls by how long they took, to within 1/32. Not thread-safe. */
final class Durations {

    private static final int STEPS = 32;

    private final long[] counts = new long[64 * STEPS];
    private long longest;
    private long calls;

    void add(long nanos) {
        long positive = Math.max(1, nanos);
        int exponent = 63 - Long.numberOfLeadingZeros(positive);
        long step = exponent < 5 ? positive << (5 - exponent) : positive >> (exponent - 5);
        counts[exponent * STEPS + (int) (step - STEPS)]++;
        longest = Math.max(longest, positive);
        calls++;
    }

    /** Returns an upper bound, in microseconds, for the time that this share of the calls took. */
    double quantileMicros(double share) {
        long rank = (long) Math.ceil(calls * share);
        int bucket = -1;
        while (rank > 0) {
            bucket++;
            rank -= counts[bucket];
        }
        return Math.scalb(1 + (bucket % STEPS + 1) / (double) STEPS, bucket / STEPS) / 1_000;
    }

    double longestMicros() {
        return longest / 1e3;
    }
}
