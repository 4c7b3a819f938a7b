package io.snowline.simulated;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** The coordinator of one simulated process: each call is a request, and the simulation decides what happens to it. */
public abstract class RemoteCoordinator implements NodeCoordinator {

    /**
     * Sends a request and returns its answer.
     *
     * @param what the request in a word
     * @param writes whether it may change something
     * @param request what the server does when it arrives
     */
    protected abstract <T> T ask(String what, boolean writes, Function<Server, T> request);

    @Override
    public StoreView read(String namespace) {
        return ask("read", false, server -> server.read(namespace));
    }

    @Override
    public Replaced replace(String namespace, Replacement step) {
        return ask(words(step), true, server -> server.replace(namespace, step));
    }

    private static String words(Replacement step) {
        return step.node().isEmpty() ? "namespace" : step.node().get().next().released() ? "release" : "window";
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        return new DistributedLock() {
            @Override
            public boolean tryLock(String token, Duration expiry) {
                return ask("lock", true, server -> server.tryLock(namespace, name, token, expiry));
            }

            @Override
            public boolean unlock(String token) {
                return ask("unlock", true, server -> server.unlock(namespace, name, token));
            }
        };
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        return Optional.of(new IdLedger() {
            @Override
            public long[] record(long[] ids, Optional<Duration> keep) {
                return ask("record", true, server -> server.record(namespace, ids));
            }

            @Override
            public Optional<Instant> recordedAt(long id) {
                throw new UnsupportedOperationException("no simulated process looks up an ID, got " + id);
            }
        });
    }

    @Override
    public void close() {
        // nothing is open
    }
}
