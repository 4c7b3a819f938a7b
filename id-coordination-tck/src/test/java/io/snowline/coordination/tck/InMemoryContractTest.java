package io.snowline.coordination.tck;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.coordination.support.InMemoryCoordinator;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The contract over {@link InMemoryCoordinator}. That one is never away, and holds no texts that could be spoilt: a
 * coordinator between it and the kit simulates both.
 */
class InMemoryContractTest extends NodeCoordinatorContract {

    private static final String SPOILT = "not a record";

    private volatile Duration offset = Duration.ZERO;
    private final InMemoryCoordinator memory =
            new InMemoryCoordinator(() -> Instant.now().plus(offset));
    private final Set<String> spoilt = ConcurrentHashMap.newKeySet();
    private volatile boolean away;

    /** Asks the coordinator in memory, unless that is meant to be away or spoilt. */
    private final class Line implements NodeCoordinator {

        private final Runnable beforeEachRequest;

        Line(Runnable beforeEachRequest) {
            this.beforeEachRequest = beforeEachRequest;
        }

        private <T> T ask(String namespace, Supplier<T> request) {
            beforeEachRequest.run();
            if (away) {
                throw new CoordinatorUnavailableException("away");
            }
            if (spoilt.contains(namespace)) {
                throw new UnreadableRecordException(SPOILT);
            }
            return request.get();
        }

        @Override
        public StoreView read(String namespace) {
            return ask(namespace, () -> memory.read(namespace));
        }

        @Override
        public Replaced replace(String namespace, Replacement step) {
            return ask(namespace, () -> memory.replace(namespace, step));
        }

        @Override
        public DistributedLock lock(String namespace, String name) {
            DistributedLock lock = memory.lock(namespace, name);
            return new DistributedLock() {
                @Override
                public boolean tryLock(String token, Duration expiry) {
                    return ask(namespace, () -> lock.tryLock(token, expiry));
                }

                @Override
                public boolean unlock(String token) {
                    return ask(namespace, () -> lock.unlock(token));
                }

                @Override
                public boolean isHeld() {
                    return ask(namespace, lock::isHeld);
                }
            };
        }

        @Override
        public Optional<IdLedger> ledger(String namespace) {
            return memory.ledger(namespace).map(ledger -> new IdLedger() {
                @Override
                public long[] record(long[] ids, Optional<Duration> keep) {
                    return ask(namespace, () -> ledger.record(ids, keep));
                }

                @Override
                public Optional<Instant> recordedAt(long id) {
                    return ask(namespace, () -> ledger.recordedAt(id));
                }
            });
        }

        @Override
        public void close() {
            memory.close();
        }

        @Override
        public String toString() {
            return memory.toString();
        }
    }

    @Override
    protected NodeCoordinator open() {
        return new Line(() -> {});
    }

    @Override
    protected NodeCoordinator openHeld(Runnable beforeEachRequest) {
        return new Line(beforeEachRequest);
    }

    @Override
    protected Set<Feature> features() {
        return EnumSet.complementOf(EnumSet.of(Feature.IDENTITY));
    }

    @Override
    protected void stop() {
        away = true;
    }

    @Override
    protected void start() {
        away = false;
    }

    @Override
    protected void deleteNamespace(String namespace) {
        memory.delete(namespace);
    }

    @Override
    protected Supplier<String> spoilNamespaceRecord(String namespace) {
        spoilt.add(namespace);
        return () -> SPOILT;
    }

    @Override
    protected Supplier<String> spoilNodeRecord(String namespace, int node) {
        return spoilNamespaceRecord(namespace);
    }

    @Override
    protected void elapse(Duration duration) {
        offset = offset.plus(duration);
    }
}
