package io.snowline.id;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.Recorded;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A store whose calls touch a trap, before and after each step, and whose answers can be spoilt. Thread-safe. */
final class TrappedStore implements NodeCoordinator {

    private final NodeCoordinator store;
    private final Trap trap;
    private final TimeSource time;
    private UnaryOperator<StoreView> views = UnaryOperator.identity();
    private UnaryOperator<Replaced> answers = UnaryOperator.identity();
    private int reads;
    private int applied;
    private long appliedAtNanos;

    TrappedStore(NodeCoordinator store, Trap trap, TimeSource time) {
        this.store = store;
        this.trap = trap;
        this.time = time;
    }

    /** Spoils the next answer to a read. */
    synchronized void spoilNextView(UnaryOperator<StoreView> how) {
        views = how;
    }

    /** Spoils the next answer to a replacement. */
    synchronized void spoilNextAnswer(UnaryOperator<Replaced> how) {
        answers = how;
    }

    /** Returns how often the store was read. */
    synchronized int reads() {
        return reads;
    }

    /** Returns how many replacements were applied. */
    synchronized int applied() {
        return applied;
    }

    /** Returns the monotonic time of the latest one. */
    synchronized long appliedAtNanos() {
        return appliedAtNanos;
    }

    @Override
    public StoreView read(String namespace) {
        trap.touched();
        StoreView view = store.read(namespace);
        trap.touched();
        return hasRead(view);
    }

    private synchronized StoreView hasRead(StoreView view) {
        reads++;
        UnaryOperator<StoreView> how = views;
        views = UnaryOperator.identity();
        return how.apply(view);
    }

    @Override
    public Replaced replace(String namespace, Replacement step) {
        trap.touched();
        Replaced replaced = store.replace(namespace, step);
        trap.touched();
        return hasReplaced(replaced);
    }

    private synchronized Replaced hasReplaced(Replaced replaced) {
        if (replaced.applied()) {
            applied++;
            appliedAtNanos = time.monotonicNanos();
        }
        UnaryOperator<Replaced> how = answers;
        answers = UnaryOperator.identity();
        return how.apply(replaced);
    }

    @Override
    public Recorded replaceAndRecord(String namespace, Replacement step, long[] ids, Optional<Duration> keep) {
        return store.replaceAndRecord(namespace, step, ids, keep);
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        return store.lock(namespace, name);
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        return store.ledger(namespace);
    }

    @Override
    public void close() {
        store.close();
    }
}
