package io.snowline.coordination.etcd;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Holds every step until told to let it go: stands for a process that is paused after a read. Thread-safe. */
record HeldCoordinator(NodeCoordinator coordinator, CountDownLatch reached, CountDownLatch letGo)
        implements NodeCoordinator {

    HeldCoordinator(NodeCoordinator coordinator) {
        this(coordinator, new CountDownLatch(1), new CountDownLatch(1));
    }

    @Override
    public StoreView read(String namespace) {
        return coordinator.read(namespace);
    }

    @Override
    public StoreView read(String namespace, NodeIdRange part) {
        return coordinator.read(namespace, part);
    }

    @Override
    public Replaced replace(String namespace, Replacement replacement) {
        reached.countDown();
        try {
            letGo.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return coordinator.replace(namespace, replacement);
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        return coordinator.lock(namespace, name);
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        return coordinator.ledger(namespace);
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
