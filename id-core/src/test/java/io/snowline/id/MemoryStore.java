package io.snowline.id;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** A coordinator in memory, with a clock, for tests of a generator. Thread-safe. */
final class MemoryStore implements NodeCoordinator {

    private final Map<String, Stored<NamespaceRecord>> namespaces = new HashMap<>();
    private final Map<String, Map<Integer, Stored<NodeRecord>>> nodes = new HashMap<>();
    private final boolean withLedger;
    private LongSupplier clock;
    private final Map<String, Held> locks = new HashMap<>();
    private final Map<Long, Instant> recorded = new HashMap<>();
    private final Set<Fault> faults = EnumSet.noneOf(Fault.class);
    private Runnable beforeNextWrite = () -> {};
    private Runnable afterNextLock = () -> {};
    private Runnable beforeNextLockIsAskedFor = () -> {};
    private final Map<String, String> traces = new HashMap<>();
    private boolean keepsTraces;
    private int incarnation;
    private int locksTaken;
    private int reads;
    private boolean up = true;
    private boolean refusesInterruptedThreads;

    /** A fault that happens once. */
    enum Fault {
        /** The next write is applied, but its reply is lost. */
        REPLY_OF_A_WRITE_LOST,
        /** The next lock is taken, but its reply is lost. */
        REPLY_OF_A_LOCK_LOST,
        /** The next unlock does not arrive. */
        UNLOCK_LOST,
        /** The next entries are recorded, but the reply is lost. */
        REPLY_OF_A_RECORD_LOST
    }

    private record Held(String token, long untilMillis) {}

    MemoryStore(LongSupplier clock) {
        this(clock, true);
    }

    MemoryStore(LongSupplier clock, boolean withLedger) {
        this.clock = clock;
        this.withLedger = withLedger;
    }

    synchronized void up(boolean isUp) {
        up = isUp;
    }

    /** From now on calls of interrupted threads fail, as on real backends, where a call waits for its answer. */
    synchronized void refuseInterruptedThreads() {
        refusesInterruptedThreads = true;
    }

    synchronized void clock(LongSupplier other) {
        clock = other;
    }

    synchronized void fail(Fault fault) {
        faults.add(fault);
    }

    /** Runs something once, while the next write is on its way. */
    synchronized void beforeNextWrite(Runnable action) {
        beforeNextWrite = action;
    }

    /** Runs something once, while the answer to the next lock that is taken is on its way. */
    synchronized void afterNextLock(Runnable action) {
        afterNextLock = action;
    }

    /** Runs something once, when a lock is next asked for. */
    synchronized void beforeNextLockIsAskedFor(Runnable action) {
        beforeNextLockIsAskedFor = action;
    }

    /** From now on tells a new namespace from a lost one, as ZooKeeper, etcd and the local directory do. */
    synchronized void keepTraces() {
        keepsTraces = true;
    }

    /** Deletes the records of a namespace, as an operator does. */
    synchronized void delete(String namespace) {
        namespaces.remove(namespace);
        nodes.remove(namespace);
    }

    private Trace trace(String namespace) {
        String token = traces.get(namespace);
        return !keepsTraces ? Trace.UNKNOWN : token == null ? Trace.NONE : Trace.leftBy(token);
    }

    /** Forgets everything, as a store that is restarted empty does. */
    synchronized void wipe() {
        namespaces.clear();
        nodes.clear();
        locks.clear();
        recorded.clear();
        incarnation++;
    }

    /** Returns how often it was read. */
    synchronized int reads() {
        return reads;
    }

    /** Returns how often a lock was taken. */
    synchronized int locksTaken() {
        return locksTaken;
    }

    private void lose(Fault fault) {
        if (faults.remove(fault)) {
            throw new CoordinatorUnavailableException("the reply was lost");
        }
    }

    synchronized Stored<NodeRecord> node(String namespace, int node) {
        Stored<NodeRecord> stored = nodes(namespace).get(node);
        if (stored == null) {
            throw new AssertionError("no record of node id " + node);
        }
        return stored;
    }

    synchronized void overwrite(String namespace, int node, UnaryOperator<NodeRecord> change) {
        nodes(namespace)
                .compute(
                        node,
                        (key, old) ->
                                new Stored<>(change.apply(node(namespace, node).record()), 0));
    }

    private Map<Integer, Stored<NodeRecord>> nodes(String namespace) {
        return nodes.computeIfAbsent(namespace, key -> new HashMap<>());
    }

    @Override
    public synchronized StoreView read(String namespace) {
        requireUp();
        reads++;
        return view(namespace, nodes(namespace));
    }

    @Override
    public synchronized Replaced replace(String namespace, Replacement step) {
        requireUp();
        Runnable before = beforeNextWrite;
        beforeNextWrite = () -> {};
        before.run();
        requireUp();
        boolean withTrace = step.trace().kind() != Trace.Kind.UNKNOWN;
        boolean applied = step.identity().equals(identity())
                && (!withTrace || step.trace().equals(trace(namespace)))
                && step.expected().equals(Optional.ofNullable(namespaces.get(namespace)))
                && step.node()
                        .map(change -> change.expected()
                                .equals(Optional.ofNullable(
                                        nodes(namespace).get(change.next().node()))))
                        .orElse(true);
        if (applied) {
            if (withTrace) {
                traces.put(namespace, step.namespace().orElseThrow().token());
            }
            step.namespace().ifPresent(record -> namespaces.put(namespace, new Stored<>(record, 0)));
            step.node().ifPresent(change -> nodes(namespace).put(change.next().node(), new Stored<>(change.next(), 0)));
        }
        lose(Fault.REPLY_OF_A_WRITE_LOST);
        Map<Integer, Stored<NodeRecord>> concerned = new HashMap<>(nodes(namespace));
        concerned
                .keySet()
                .retainAll(
                        step.node().stream().map(change -> change.next().node()).toList());
        return new Replaced(applied, view(namespace, concerned));
    }

    private StoreView view(String namespace, Map<Integer, Stored<NodeRecord>> some) {
        return new StoreView(
                Optional.ofNullable(namespaces.get(namespace)),
                some,
                identity(),
                Optional.of(Instant.ofEpochMilli(clock.getAsLong())),
                trace(namespace));
    }

    private String identity() {
        return "memory-" + incarnation;
    }

    private void requireUp() {
        if (!up) {
            throw new CoordinatorUnavailableException("the store is down");
        }
        if (refusesInterruptedThreads && Thread.currentThread().isInterrupted()) {
            throw new CoordinatorUnavailableException("the thread was interrupted while it waited for the store");
        }
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        String key = namespace + ":" + name;
        Runnable before = beforeNextLockIsAskedFor;
        beforeNextLockIsAskedFor = () -> {};
        before.run();
        return new DistributedLock() {
            @Override
            public boolean tryLock(String token, Duration expiry) {
                return take(key, token, expiry);
            }

            @Override
            public boolean unlock(String token) {
                return free(key, token);
            }

            @Override
            public boolean isHeld() {
                return taken(key);
            }
        };
    }

    private synchronized boolean take(String key, String token, Duration expiry) {
        requireUp();
        if (taken(key)) {
            return false;
        }
        locks.put(key, new Held(token, clock.getAsLong() + expiry.toMillis()));
        locksTaken++;
        Runnable after = afterNextLock;
        afterNextLock = () -> {};
        after.run();
        requireUp();
        lose(Fault.REPLY_OF_A_LOCK_LOST);
        return true;
    }

    private synchronized boolean taken(String key) {
        requireUp();
        Held held = locks.get(key);
        return held != null && held.untilMillis > clock.getAsLong();
    }

    private synchronized boolean free(String key, String token) {
        requireUp();
        lose(Fault.UNLOCK_LOST);
        Held held = locks.get(key);
        return held != null && held.token.equals(token) && locks.remove(key, held);
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        return withLedger ? Optional.of(new Ledger()) : Optional.empty();
    }

    private final class Ledger implements IdLedger {
        @Override
        public long[] record(long[] ids, Optional<Duration> keep) {
            synchronized (MemoryStore.this) {
                requireUp();
                Instant now = Instant.ofEpochMilli(clock.getAsLong());
                long[] refused = Arrays.stream(ids)
                        .filter(id -> recorded.putIfAbsent(id, now) != null)
                        .toArray();
                lose(Fault.REPLY_OF_A_RECORD_LOST);
                return refused;
            }
        }

        @Override
        public Optional<Instant> recordedAt(long id) {
            synchronized (MemoryStore.this) {
                requireUp();
                return Optional.ofNullable(recorded.get(id));
            }
        }
    }

    @Override
    public void close() {
        // nothing is open
    }
}
