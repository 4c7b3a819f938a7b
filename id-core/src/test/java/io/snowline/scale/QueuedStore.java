package io.snowline.scale;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Trace;
import io.snowline.coordination.support.RecordSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;

/** A store of one namespace that serves one request after the other, each of which takes some time. */
final class QueuedStore implements NodeCoordinator {

    /**
     * How long requests take.
     *
     * @param replace one replacement
     * @param read a read, without the time for each record in it
     * @param perRecord each record in a read
     */
    record Speed(Duration replace, Duration read, Duration perRecord) {

        /** A store in memory on one thread, as measured on Redis; 25,000 replacements per second. */
        static final Speed IN_MEMORY =
                new Speed(Duration.ofNanos(40_000), Duration.ofNanos(40_000), Duration.ofNanos(800));

        /** A store in which a majority writes to disk; 5,000 replacements per second. */
        static final Speed ON_DISK =
                new Speed(Duration.ofNanos(200_000), Duration.ofNanos(200_000), Duration.ofNanos(4_000));
    }

    private static final String IDENTITY = "one";

    private final SharedTime time;
    private final Speed speed;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final SortedMap<Integer, NodeRecord> nodes = new TreeMap<>();
    private Optional<NamespaceRecord> namespace = Optional.empty();
    private boolean up = true;
    private boolean serving;
    private long busyNanos;
    private Load load = new Load();
    private long loadSinceNanos;

    QueuedStore(SharedTime time, Speed speed) {
        this.time = time;
        this.speed = speed;
    }

    void up(boolean isUp) {
        up = isUp;
    }

    boolean up() {
        return up;
    }

    /** Returns the requests from now on. */
    Load measure() {
        load = new Load();
        loadSinceNanos = time.monotonicNanos();
        return load;
    }

    Load load() {
        return load;
    }

    int nodesUsed() {
        return nodes.size();
    }

    // ---- the queue ----

    /** Takes a request, and serves it when those before it are done. */
    void enqueue(Runnable request) {
        waiting.add(request);
        load.queued(waiting.size());
        if (!serving) {
            serveNext();
        }
    }

    /** Returns how much longer the request in service takes. */
    long busyNanos() {
        return busyNanos;
    }

    private void serveNext() {
        Runnable request = waiting.poll();
        serving = request != null;
        if (request != null) {
            busyNanos = 0;
            request.run();
            time.afterNanos(busyNanos, this::serveNext);
        }
    }

    // ---- the SPI ----

    @Override
    public StoreView read(String name) {
        requireUp();
        return view(new RecordSet(namespace, nodes));
    }

    @Override
    public StoreView read(String name, NodeIdRange part) {
        requireUp();
        return view(new RecordSet(namespace, nodes.subMap(part.first(), part.last() + 1)));
    }

    private StoreView view(RecordSet records) {
        reading(records.nodes().size());
        return records.view(IDENTITY, Optional.of(now()), Trace.UNKNOWN);
    }

    private void reading(int records) {
        busyNanos = speed.read().plus(speed.perRecord().multipliedBy(records)).toNanos();
        load.read(records);
    }

    @Override
    public Replaced replace(String name, Replacement step) {
        requireUp();
        busyNanos = speed.replace().toNanos();
        RecordSet before = concerned(step);
        boolean late = step.notAfter().filter(last -> now().isAfter(last)).isPresent();
        boolean applied = !late && before.matches(step);
        RecordSet after = applied ? before.with(step) : before;
        if (applied) {
            namespace = after.namespace();
            nodes.putAll(after.nodes());
        }
        load.wrote(Duration.ofNanos(time.monotonicNanos() - loadSinceNanos), applied);
        return new Replaced(applied, after.viewFor(step, IDENTITY, Optional.of(now())));
    }

    /** Returns what a step is about: with thousands of node ids, all records would be too many to copy each time. */
    private RecordSet concerned(Replacement step) {
        SortedMap<Integer, NodeRecord> one = new TreeMap<>();
        step.node().map(change -> nodes.get(change.next().node())).ifPresent(record -> one.put(record.node(), record));
        return new RecordSet(namespace, one);
    }

    private Instant now() {
        return Instant.ofEpochMilli(time.wallMillis());
    }

    private void requireUp() {
        if (!up) {
            throw new CoordinatorUnavailableException("the simulated store is down");
        }
    }

    @Override
    public DistributedLock lock(String name, String lock) {
        throw new UnsupportedOperationException("leased mode needs no lock");
    }

    @Override
    public Optional<IdLedger> ledger(String name) {
        return Optional.empty();
    }

    @Override
    public void close() {
        // nothing is open
    }
}
