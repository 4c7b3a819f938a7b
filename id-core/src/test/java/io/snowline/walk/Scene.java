package io.snowline.walk;

import java.util.List;
import java.util.function.Consumer;

/**
 * A world to walk: it stands still until it is told which of its events happens next. Two scenes that are told the same
 * are in the same state.
 */
interface Scene extends AutoCloseable {

    /** Returns what may happen next, in an order that depends on nothing but what has happened. */
    List<Event> enabled();

    /** From now on describes each event, in words, to a listener. */
    void narrateTo(Consumer<String> listener);

    /** Ends everything that still runs. */
    @Override
    void close();
}
