package io.snowline.simulation;

import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.simulated.RemoteCoordinator;
import io.snowline.simulated.Reply;
import io.snowline.simulated.Server;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

/** The coordinator of one process. A call from a thread of the process waits for the network, there and back. */
final class SimulatedCoordinator extends RemoteCoordinator {

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

    // ---- the way there and back ----

    private <T> T call(Function<SimulatedStore, T> step) {
        SimulatedStore server = backend.serving();
        return server != null ? step.apply(server) : overTheNetwork(step);
    }

    @Override
    protected <T> T ask(String what, boolean writes, Function<Server, T> request) {
        return call(server -> request.apply(server.serve(process, Objects.requireNonNull(backend.request()))));
    }

    private <T> T overTheNetwork(Function<SimulatedStore, T> step) {
        Host.Wait wait = process.host().waitHere();
        Reply<T> reply = new Reply<>(wait::end);
        network.call(() -> step.apply(Objects.requireNonNull(backend.serving())), reply::answered, reply::failed);
        wait.await();
        return reply.get();
    }
}
