package io.snowline.coordination.redis;

import io.snowline.coordination.CoordinatorUnavailableException;
import java.util.function.Supplier;

/** How the masters are found. {@code toString} names them in messages. Implementations are thread-safe. */
interface Topology extends AutoCloseable {

    /**
     * Finds the masters.
     *
     * @throws CoordinatorUnavailableException if that fails
     */
    MasterConnections find();

    /** Tells whether the masters found last can still be used, as far as is known without a failure. */
    default boolean upToDate() {
        return true;
    }

    /** Notes that a master failed, or said that it is not one. */
    default void suspect() {}

    /** Releases the resources for finding the masters; the connections to the masters are closed separately. */
    @Override
    default void close() {}

    /**
     * A master that is always found in the same way.
     *
     * @param name the name in messages
     */
    record Fixed(String name, Supplier<MasterConnections> connector) implements Topology {

        @Override
        public MasterConnections find() {
            return connector.get();
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
