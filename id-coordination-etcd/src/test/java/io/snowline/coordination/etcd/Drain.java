package io.snowline.coordination.etcd;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.ReservationSettings;
import io.snowline.id.IdLayout;
import io.snowline.id.SnowflakeGenerator;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that issues IDs of one node id as fast as it can, 16 a millisecond, until it is closed. All such processes
 * have only this one node id to choose from. Thread-safe.
 */
final class Drain implements AutoCloseable {

    static final Duration AHEAD = Duration.ofSeconds(2);

    private static final int NODE = 7;
    private static final IdLayout LAYOUT = new IdLayout(41, 10, 4, Duration.ofMillis(1), IdLayout.DEFAULT_EPOCH);
    private static final ReservationSettings SETTINGS = new ReservationSettings(
            AHEAD, Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofMillis(200), Duration.ofSeconds(10));
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private final SnowflakeGenerator generator;
    private final Set<Long> issued = ConcurrentHashMap.newKeySet();
    private final Thread thread = new Thread(this::run, "drain");

    private volatile boolean closed;

    private Drain(SnowflakeGenerator generator) {
        this.generator = generator;
    }

    static Drain start(NodeCoordinator coordinator, String namespace) {
        Drain drain = new Drain(SnowflakeGenerator.builder(coordinator, namespace)
                .layout(LAYOUT)
                .reservation(SETTINGS)
                .nodeIds(new NodeIdRange(NODE, NODE))
                .start());
        drain.thread.start();
        return drain;
    }

    private void run() {
        long[] ids = new long[256];
        while (!closed) {
            int count = generator.tryNextIds(ids, 0, ids.length);
            Arrays.stream(ids, 0, count).forEach(issued::add);
            if (count == 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    Set<Long> issued() {
        return issued;
    }

    /** Tells whether another process was found to hold the node id. */
    boolean isWaiting() {
        return generator.status().stream()
                .flatMap(lane -> lane.problem().stream())
                .anyMatch(problem -> problem.contains("1 of them are held"));
    }

    /** Returns the time of the oldest ID, in milliseconds since 1970. */
    long firstMillis() {
        long first = issued.stream().mapToLong(Long::longValue).min().orElseThrow();
        return LAYOUT.decode(first).timestamp().toEpochMilli();
    }

    /** Returns the time of a position, in milliseconds since 1970. */
    static long millis(long position) {
        return LAYOUT.scale().millisAt(position);
    }

    /** Returns the position at a time, in milliseconds since 1970. */
    static long position(long millis) {
        return LAYOUT.scale().positionAt(millis);
    }

    @Override
    public void close() {
        closed = true;
        generator.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
