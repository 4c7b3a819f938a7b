package io.snowline.server.testing;

import io.snowline.id.IdLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Every ID that left the servers, in bounded memory: each connection records runs of consecutive IDs, and the runs of
 * all connections are sorted at the end. A batch is one run or a few, so 10^9 IDs are some hundred thousand runs.
 *
 * <p>Thread-safe; each {@link Taker} belongs to one thread at a time.
 */
public final class Harvest {

    /*
     * Runs are half-open intervals of numbers, and there is a duplicate exactly where two of them overlap. Sort the
     * starts and the ends, each by itself. A number x is covered by as many runs as there are starts up to x, less the
     * ends up to x. So the stretches from starts[k + 1] to ends[k], where they are not empty, contain x once less than
     * the runs do; their lengths add up to the number of surplus IDs.
     */

    private final List<Taker> takers = new ArrayList<>();
    private final LongAdder count = new LongAdder();

    /**
     * What was found.
     *
     * @param ids how many IDs were taken
     * @param duplicates how many of them were surplus: an ID that was taken three times counts twice
     * @param example an ID that was taken more than once, if there is any
     */
    public record Verdict(long ids, long duplicates, Optional<Long> example) {}

    /**
     * Returns the taker for one connection's IDs, which must be given in the order in which they come.
     *
     * @param oneLane whether the server has a single lane: then all IDs of a connection must grow, otherwise those of
     *     each node id
     */
    public Taker taker(IdLayout layout, boolean oneLane) {
        Taker taker = new Taker(layout, oneLane);
        synchronized (takers) {
            takers.add(taker);
        }
        return taker;
    }

    /** Returns how many IDs were taken so far. */
    public long count() {
        return count.sum();
    }

    /** Compares every ID with every other; call it when no more IDs are taken. */
    public Verdict check() {
        synchronized (takers) {
            long[] starts = sorted(takers.stream().map(taker -> taker.starts).toList());
            long[] ends = sorted(takers.stream().map(taker -> taker.ends).toList());
            long duplicates = 0;
            Optional<Long> example = Optional.empty();
            for (int i = 1; i < starts.length; i++) {
                if (starts[i] < ends[i - 1]) {
                    duplicates += ends[i - 1] - starts[i];
                    example = Optional.of(starts[i]);
                }
            }
            return new Verdict(count(), duplicates, example);
        }
    }

    private static long[] sorted(List<Numbers> parts) {
        long[] all = new long[parts.stream().mapToInt(part -> part.size).sum()];
        int filled = 0;
        for (Numbers part : parts) {
            System.arraycopy(part.values, 0, all, filled, part.size);
            filled += part.size;
        }
        Arrays.parallelSort(all);
        return all;
    }

    /** One connection's IDs. Not thread-safe. */
    public final class Taker {

        private final IdLayout layout;
        private final boolean oneLane;
        private final long sequenceMask;
        private final Numbers starts = new Numbers();
        private final Numbers ends = new Numbers();
        private final Map<Integer, Long> newestOfNode = new HashMap<>();
        private long newest = -1;
        private Optional<String> disorder = Optional.empty();

        private Taker(IdLayout layout, boolean oneLane) {
            this.layout = layout;
            this.oneLane = oneLane;
            sequenceMask = (1L << layout.sequenceBits()) - 1;
        }

        /** Takes the IDs of one answer, in order. */
        public void take(long... ids) {
            int first = 0;
            for (int i = 1; i <= ids.length; i++) {
                if (i == ids.length || ids[i] != ids[i - 1] + 1 || (ids[i] & sequenceMask) == 0) {
                    run(ids[first], ids[i - 1] + 1);
                    first = i;
                }
            }
            count.add(ids.length);
        }

        private void run(long start, long end) {
            starts.add(start);
            ends.add(end);
            Long before = newestOfNode.put(layout.node(start), end - 1);
            requireAbove(before == null ? -1 : before, start, "of the same node id");
            if (oneLane) {
                requireAbove(newest, start, "of a server with one lane");
                newest = end - 1;
            }
        }

        private void requireAbove(long before, long start, String whose) {
            if (start <= before && disorder.isEmpty()) {
                disorder = Optional.of(start + " came after " + before + ", " + whose);
            }
        }

        /** Forgets the order among node ids: the connection broke, and another process may answer the next one. */
        public void reconnected() {
            newest = -1;
        }

        /** Returns the first ID that came after a greater one that it must be above, in words; empty if there is none. */
        public Optional<String> disorder() {
            return disorder;
        }

        /** Returns the newest ID seen of each node id. */
        public Map<Integer, Long> newestOfNode() {
            return Map.copyOf(newestOfNode);
        }
    }

    private static final class Numbers {
        private long[] values = new long[1024];
        private int size;

        void add(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }
    }
}
