package io.snowline.walk;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** One process' coordinator: it turns calls into requests, and its wire decides what happens to them. */
final class Line implements NodeCoordinator {

    /** How requests get to the store. */
    interface Wire {
        /**
         * Asks the store.
         *
         * @param what the request in words
         */
        <T> T ask(String what, boolean writes, Supplier<T> request);
    }

    private final WalkStore store;
    private final Checker checker;
    private final Life life;
    private final Wire wire;

    Line(WalkStore store, Checker checker, Life life, Wire wire) {
        this.store = store;
        this.checker = checker;
        this.life = life;
        this.wire = wire;
    }

    @Override
    public StoreView read(String namespace) {
        return wire.ask("read", false, store::read);
    }

    @Override
    public Replaced replace(String namespace, Replacement step) {
        return wire.ask(words(step), true, () -> {
            Replaced replaced = store.replace(step);
            if (replaced.applied()) {
                checker.applied(life, step, replaced.view());
            }
            return replaced;
        });
    }

    private static String words(Replacement step) {
        return step.node().isEmpty() ? "namespace" : step.node().get().next().released() ? "release" : "window";
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        return new DistributedLock() {
            @Override
            public boolean tryLock(String token, Duration expiry) {
                return wire.ask("lock", true, () -> store.tryLock(token));
            }

            @Override
            public boolean unlock(String token) {
                return wire.ask("unlock", true, () -> store.unlock(token));
            }
        };
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        return Optional.of(new IdLedger() {
            @Override
            public long[] record(long[] ids, Optional<Duration> keep) {
                return wire.ask("record", true, () -> store.record(ids));
            }

            @Override
            public Optional<Instant> recordedAt(long id) {
                throw new UnsupportedOperationException("nobody looks up IDs in a walk, got " + id);
            }
        });
    }

    @Override
    public void close() {
        // nothing is open
    }
}
