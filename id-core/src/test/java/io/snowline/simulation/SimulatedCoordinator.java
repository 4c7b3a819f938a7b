package io.snowline.simulation;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The coordinator of one process. A call from a thread of the process waits for the network, there and back. */
final class SimulatedCoordinator implements NodeCoordinator {

    private static final double STALE_READS = 0.1;

    private final Timeline timeline;
    private final SimulatedBackend backend;
    private final Network network;
    private final SimulatedProcess process;
    private final Scenario scenario;

    SimulatedCoordinator(
            Timeline timeline, SimulatedBackend backend, Network network, SimulatedProcess process, Scenario scenario) {
        this.timeline = timeline;
        this.backend = backend;
        this.network = network;
        this.process = process;
        this.scenario = scenario;
    }

    @Override
    public StoreView read(String namespace) {
        boolean stale = scenario.staleReads() && timeline.chance(STALE_READS);
        return call(server -> stale ? server.readStale(namespace) : server.read(namespace));
    }

    /** Answers no more than was asked for, as a backend with very many node ids may. */
    @Override
    public StoreView read(String namespace, NodeIdRange part) {
        StoreView all = read(namespace);
        Map<Integer, Stored<NodeRecord>> some = new TreeMap<>(all.nodes());
        some.keySet().removeIf(node -> !part.contains(node));
        return new StoreView(all.namespace(), some, all.identity(), all.time(), all.trace());
    }

    @Override
    public Replaced replace(String namespace, Replacement replacement) {
        return call(server -> server.replace(namespace, replacement, process));
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        return new DistributedLock() {
            @Override
            public boolean tryLock(String token, Duration expiry) {
                return call(server -> server.tryLock(namespace, name, token, expiry));
            }

            @Override
            public boolean unlock(String token) {
                return call(server -> server.unlock(namespace, name, token));
            }
        };
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        return Optional.of(new Ledger(namespace));
    }

    @Override
    public void close() {
        // nothing is open
    }

    private final class Ledger implements IdLedger {
        private final String namespace;

        Ledger(String namespace) {
            this.namespace = namespace;
        }

        @Override
        public long[] record(long[] ids, Optional<Duration> keep) {
            return call(server -> server.record(namespace, ids, Objects.requireNonNull(backend.request()), process));
        }

        @Override
        public Optional<Instant> recordedAt(long id) {
            throw new UnsupportedOperationException("nobody asks the simulated ledger");
        }
    }

    // ---- the way there and back ----

    private <T> T call(Function<SimulatedStore, T> step) {
        SimulatedStore server = backend.serving();
        return server != null ? step.apply(server) : overTheNetwork(step);
    }

    private <T> T overTheNetwork(Function<SimulatedStore, T> step) {
        Host.Wait wait = process.host().waitHere();
        Reply<T> reply = new Reply<>(wait);
        network.call(() -> step.apply(Objects.requireNonNull(backend.serving())), reply::answered, reply::failed);
        wait.await();
        return reply.get();
    }

    private static final class Reply<T> {
        private final Host.Wait wait;
        private @Nullable T value;
        private @Nullable RuntimeException failure;

        Reply(Host.Wait wait) {
            this.wait = wait;
        }

        void answered(T answer) {
            value = answer;
            wait.end();
        }

        void failed(RuntimeException why) {
            failure = why;
            wait.end();
        }

        T get() {
            if (failure != null) {
                throw failure;
            }
            return Objects.requireNonNull(value);
        }
    }
}
