package io.snowline.walk;

import java.util.List;
import java.util.function.Consumer;

/**
 * What is walked: a world that stands still until it is told which of its events happens. Two scenes that are told the
 * same are in the same state.
 */
interface Scene extends AutoCloseable {

    /** Returns what may happen next, in an order that depends on nothing but what has happened. */
    List<Event> enabled();

    /** Sends what happens from now on, in words, to a listener. */
    void narrateTo(Consumer<String> listener);

    /** Ends whatever still runs. */
    @Override
    void close();
}
