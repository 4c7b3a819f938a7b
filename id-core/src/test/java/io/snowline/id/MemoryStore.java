package io.snowline.id;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.coordination.support.InMemoryCoordinator;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * {@link InMemoryCoordinator} with an identity, for tests of a generator: it can be down, lose everything, lose replies,
 * and do something while a request is on its way. Thread-safe.
 */
final class MemoryStore implements NodeCoordinator {

    private final boolean withLedger;
    private volatile LongSupplier clock;
    private final AtomicReference<Runnable> beforeNextWrite = new AtomicReference<>(() -> {});
    private final AtomicReference<Runnable> afterNextLock = new AtomicReference<>(() -> {});
    private final AtomicReference<Runnable> beforeNextLockIsAskedFor = new AtomicReference<>(() -> {});

    // Guarded by this.
    private InMemoryCoordinator memory = new InMemoryCoordinator(this::now);
    private final Set<Fault> faults = EnumSet.noneOf(Fault.class);
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

    MemoryStore(LongSupplier clock) {
        this(clock, true);
    }

    MemoryStore(LongSupplier clock, boolean withLedger) {
        this.clock = clock;
        this.withLedger = withLedger;
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.getAsLong());
    }

    synchronized void up(boolean isUp) {
        up = isUp;
    }

    /** From now on calls of interrupted threads fail, as on real backends, where a call waits for its answer. */
    synchronized void refuseInterruptedThreads() {
        refusesInterruptedThreads = true;
    }

    void clock(LongSupplier other) {
        clock = other;
    }

    synchronized void fail(Fault fault) {
        faults.add(fault);
    }

    /** Runs something once, while the next write is on its way. */
    void beforeNextWrite(Runnable action) {
        beforeNextWrite.set(action);
    }

    /** Runs something once, while the answer to the next lock that is taken is on its way. */
    void afterNextLock(Runnable action) {
        afterNextLock.set(action);
    }

    /** Runs something once, when a lock is next asked for. */
    void beforeNextLockIsAskedFor(Runnable action) {
        beforeNextLockIsAskedFor.set(action);
    }

    /** From now on tells a new namespace from a lost one, as ZooKeeper, etcd and the local directory do. */
    synchronized void keepTraces() {
        keepsTraces = true;
    }

    /** Deletes the records of a namespace, as an operator does. */
    synchronized void delete(String namespace) {
        memory.delete(namespace);
    }

    /** Forgets everything, as a store that is restarted empty does. */
    synchronized void wipe() {
        memory = new InMemoryCoordinator(this::now);
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

    synchronized Stored<NodeRecord> node(String namespace, int node) {
        return memory.read(namespace).node(node).orElseThrow(() -> new AssertionError("no record of node id " + node));
    }

    synchronized void overwrite(String namespace, int node, UnaryOperator<NodeRecord> change) {
        StoreView view = memory.read(namespace);
        Stored<NodeRecord> old = node(namespace, node);
        Replacement step = Replacement.ofNode(
                view.identity(), view.namespace().orElseThrow(), Optional.of(old), change.apply(old.record()));
        if (!memory.replace(namespace, step).applied()) {
            throw new AssertionError("not overwritten: " + old);
        }
    }

    // ---- records ----

    @Override
    public synchronized StoreView read(String namespace) {
        requireUp();
        reads++;
        return shown(memory.read(namespace));
    }

    @Override
    public synchronized Replaced replace(String namespace, Replacement step) {
        requireUp();
        runOnce(beforeNextWrite);
        requireUp();
        Replaced replaced = memory.replace(namespace, inMemory(step));
        lose(Fault.REPLY_OF_A_WRITE_LOST);
        return new Replaced(replaced.applied(), shown(replaced.view()));
    }

    private String identity() {
        return "memory-" + incarnation;
    }

    /** The memory itself has no identity, and refuses a step that names one. */
    private Replacement inMemory(Replacement step) {
        String identity = step.identity().equals(identity()) ? "" : step.identity();
        return new Replacement(identity, step.expected(), step.namespace(), step.node(), step.notAfter(), step.trace());
    }

    private StoreView shown(StoreView view) {
        Trace trace = keepsTraces ? view.trace() : Trace.UNKNOWN;
        return new StoreView(view.namespace(), view.nodes(), identity(), view.time(), trace);
    }

    private static void runOnce(AtomicReference<Runnable> hook) {
        hook.getAndSet(() -> {}).run();
    }

    private void requireUp() {
        if (!up) {
            throw new CoordinatorUnavailableException("the store is down");
        }
        if (refusesInterruptedThreads && Thread.currentThread().isInterrupted()) {
            throw new CoordinatorUnavailableException("the thread was interrupted while it waited for the store");
        }
    }

    private void lose(Fault fault) {
        if (faults.remove(fault)) {
            throw new CoordinatorUnavailableException("the reply was lost");
        }
    }

    // ---- locks and ledger ----

    @Override
    public DistributedLock lock(String namespace, String name) {
        runOnce(beforeNextLockIsAskedFor);
        return new Lock(namespace, name);
    }

    private final class Lock implements DistributedLock {

        private final String namespace;
        private final String name;

        Lock(String namespace, String name) {
            this.namespace = namespace;
            this.name = name;
        }

        private DistributedLock there() {
            requireUp();
            return memory.lock(namespace, name);
        }

        @Override
        public boolean tryLock(String token, Duration expiry) {
            synchronized (MemoryStore.this) {
                boolean taken = there().tryLock(token, expiry);
                if (taken) {
                    locksTaken++;
                    runOnce(afterNextLock);
                    requireUp();
                    lose(Fault.REPLY_OF_A_LOCK_LOST);
                }
                return taken;
            }
        }

        @Override
        public boolean unlock(String token) {
            synchronized (MemoryStore.this) {
                DistributedLock there = there();
                lose(Fault.UNLOCK_LOST);
                return there.unlock(token);
            }
        }

        @Override
        public boolean isHeld() {
            synchronized (MemoryStore.this) {
                return there().isHeld();
            }
        }
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        return withLedger ? Optional.of(new Ledger(namespace)) : Optional.empty();
    }

    private final class Ledger implements IdLedger {

        private final String namespace;

        Ledger(String namespace) {
            this.namespace = namespace;
        }

        private IdLedger there() {
            requireUp();
            return memory.ledger(namespace).orElseThrow();
        }

        @Override
        public long[] record(long[] ids, Optional<Duration> keep) {
            synchronized (MemoryStore.this) {
                long[] refused = there().record(ids, keep);
                lose(Fault.REPLY_OF_A_RECORD_LOST);
                return refused;
            }
        }

        @Override
        public Optional<Instant> recordedAt(long id) {
            synchronized (MemoryStore.this) {
                return there().recordedAt(id);
            }
        }
    }

    @Override
    public void close() {
        // nothing is open
    }
}
