package io.snowline.scale;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The requests to a store, second by second. */
final class Load {

    private final List<Integer> writesPerSecond = new ArrayList<>();
    private long writes;
    private long conflicts;
    private long reads;
    private long recordsRead;
    private long timeouts;
    private int longestQueue;

    void wrote(Duration at, boolean applied) {
        int second = (int) at.toSeconds();
        while (writesPerSecond.size() <= second) {
            writesPerSecond.add(0);
        }
        writesPerSecond.set(second, writesPerSecond.get(second) + 1);
        writes++;
        if (!applied) {
            conflicts++;
        }
    }

    void read(int records) {
        reads++;
        recordsRead += records;
    }

    void timedOut() {
        timeouts++;
    }

    void queued(int length) {
        longestQueue = Math.max(longestQueue, length);
    }

    /** Returns how many replacements were requested, including the refused ones. */
    long writes() {
        return writes;
    }

    /** Returns how many replacements were refused. */
    long conflicts() {
        return conflicts;
    }

    long reads() {
        return reads;
    }

    long recordsRead() {
        return recordsRead;
    }

    int peakWritesPerSecond() {
        return writesPerSecond.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    @Override
    public String toString() {
        return "%,d writes, peak %,d/s, %,d conflicts, %,d reads of %,d records, %,d timeouts, longest queue %,d"
                .formatted(writes, peakWritesPerSecond(), conflicts, reads, recordsRead, timeouts, longestQueue);
    }
}
