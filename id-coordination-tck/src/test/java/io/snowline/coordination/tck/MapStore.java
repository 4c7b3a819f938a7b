package io.snowline.coordination.tck;

import io.snowline.coordination.CoordinatorUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A backend in memory: texts under keys, a clock that can be moved, and an operator who stops and restarts it. Safe for
 * use by many threads; whoever needs several of its maps in one step holds its monitor.
 */
final class MapStore {

    /** Records by key, as text: {@code <namespace>/namespace} and {@code <namespace>/nodes/<node id>}. */
    final NavigableMap<String, String> records = new ConcurrentSkipListMap<>();

    final Map<String, Holder> locks = new ConcurrentHashMap<>();
    final Map<String, Entry> ledger = new ConcurrentHashMap<>();
    private Duration clockOffset = Duration.ZERO;
    private int identity = 1;
    private boolean up = true;

    /** Who holds a lock, and until when. */
    record Holder(String token, Instant until) {}

    /** When an ID was recorded, and until when that is kept. */
    record Entry(Instant recorded, Instant until) {}

    synchronized Instant now() {
        return Instant.now().plus(clockOffset);
    }

    synchronized String identity() {
        return "id" + identity;
    }

    synchronized boolean isUp() {
        return up;
    }

    void requireUp() {
        if (!isUp()) {
            throw new CoordinatorUnavailableException("the map does not answer");
        }
    }

    synchronized void stop() {
        up = false;
    }

    synchronized void start() {
        up = true;
        identity++;
    }

    synchronized void elapse(Duration duration) {
        clockOffset = clockOffset.plus(duration);
    }
}
