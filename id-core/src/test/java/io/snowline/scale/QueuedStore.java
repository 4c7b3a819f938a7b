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
import io.snowline.coordination.Replacement.NodeChange;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

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

    private final SharedTime time;
    private final Speed speed;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>();
    private Optional<Stored<NamespaceRecord>> namespace = Optional.empty();
    private @Nullable Map<Integer, Stored<NodeRecord>> shared;
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
        reading(nodes.size());
        if (shared == null) {
            shared = Map.copyOf(nodes);
        }
        return view(shared);
    }

    @Override
    public StoreView read(String name, NodeIdRange part) {
        requireUp();
        Map<Integer, Stored<NodeRecord>> some = new HashMap<>();
        for (int node = part.first(); node <= part.last(); node++) {
            Stored<NodeRecord> stored = nodes.get(node);
            if (stored != null) {
                some.put(node, stored);
            }
        }
        reading(some.size());
        return view(some);
    }

    private void reading(int records) {
        busyNanos = speed.read().plus(speed.perRecord().multipliedBy(records)).toNanos();
        load.read(records);
    }

    @Override
    public Replaced replace(String name, Replacement step) {
        requireUp();
        busyNanos = speed.replace().toNanos();
        boolean applied = holds(step);
        if (applied) {
            step.namespace().ifPresent(record -> namespace = Optional.of(new Stored<>(record, 0)));
            step.node().map(NodeChange::next).ifPresent(this::write);
        }
        load.wrote(Duration.ofNanos(time.monotonicNanos() - loadSinceNanos), applied);
        return new Replaced(applied, view(concerned(step)));
    }

    private void write(NodeRecord record) {
        nodes.put(record.node(), new Stored<>(record, 0));
        shared = null;
    }

    private boolean holds(Replacement step) {
        boolean late = step.notAfter().filter(last -> now().isAfter(last)).isPresent();
        return !late
                && step.expected().equals(namespace)
                && step.node()
                        .filter(change -> !change.expected().equals(stored(change)))
                        .isEmpty();
    }

    private Optional<Stored<NodeRecord>> stored(NodeChange change) {
        return Optional.ofNullable(nodes.get(change.next().node()));
    }

    private Map<Integer, Stored<NodeRecord>> concerned(Replacement step) {
        return step.node()
                .flatMap(this::stored)
                .map(stored -> Map.of(stored.record().node(), stored))
                .orElse(Map.of());
    }

    private StoreView view(Map<Integer, Stored<NodeRecord>> some) {
        return new StoreView(namespace, some, "one", Optional.of(now()));
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
