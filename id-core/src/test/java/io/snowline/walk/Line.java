package io.snowline.walk;

import io.snowline.simulated.RemoteCoordinator;
import io.snowline.simulated.Server;
import java.util.function.Function;
import java.util.function.Supplier;

/** One process' coordinator: it turns calls into requests, and its wire decides what happens to them. */
final class Line extends RemoteCoordinator {

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
    private final Life life;
    private final Wire wire;

    Line(WalkStore store, Life life, Wire wire) {
        this.store = store;
        this.life = life;
        this.wire = wire;
    }

    @Override
    protected <T> T ask(String what, boolean writes, Function<Server, T> request) {
        return wire.ask(what, writes, () -> request.apply(store.serve(life)));
    }
}
