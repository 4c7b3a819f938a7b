package io.snowline.coordination.tck;

import io.snowline.coordination.CoordinatorUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A backend in memory: texts under keys, a clock that can be moved, and an operator who stops and restarts it.
 * Thread-safe; a caller that needs several of its maps in one step holds its monitor.
 */
final class MapStore {

    /** Records by key, as text: {@code <namespace>/namespace} and {@code <namespace>/nodes/<node id>}. */
    final NavigableMap<String, String> records = new ConcurrentSkipListMap<>();

    /** How often the record under a key was written since it was made. */
    final Map<String, Integer> versions = new ConcurrentHashMap<>();

    /** Traces by namespace: tokens of namespace records. */
    final Map<String, String> traces = new ConcurrentHashMap<>();

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

    synchronized void put(String key, String text) {
        records.put(key, text);
        versions.merge(key, 1, Integer::sum);
    }

    /** Deletes a namespace's records, as an operator would. */
    synchronized void delete(String namespace) {
        records.keySet().removeIf(key -> key.startsWith(namespace + "/"));
        versions.keySet().removeIf(key -> key.startsWith(namespace + "/"));
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
