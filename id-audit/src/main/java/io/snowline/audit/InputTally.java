package io.snowline.audit;

import io.snowline.id.IdLayout;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of one input: its order, and that of each node id in it.
 *
 * <p>Not thread-safe.
 */
final class InputTally {

    private static final Duration FAR = Duration.ofDays(1);

    private final String name;
    private final long base;
    private final IdLayout layout;
    private final OrderTally order;
    private final int mostNodes;
    private final Map<Integer, OrderTally> nodes = new HashMap<>();
    private int latestNode = -1;
    private OrderTally latest;
    private long withoutNode;

    /**
     * @param name the input's name in the report
     * @param base how many IDs were read before it
     * @param mostNodes how many node ids to tell apart at most
     */
    InputTally(String name, long base, IdLayout layout, int mostNodes) {
        this.name = name;
        this.base = base;
        this.layout = layout;
        this.mostNodes = mostNodes;
        order = newTally();
        latest = order;
    }

    private OrderTally newTally() {
        long far = FAR.toMillis() / layout.tick().toMillis();
        return new OrderTally(layout.nodeBits() + layout.sequenceBits(), far);
    }

    /**
     * Adds the next ID.
     *
     * @throws IllegalArgumentException if it does not fit the layout
     */
    void add(long id) {
        int node = layout.node(id);
        long index = order.count();
        order.add(id, index);
        if (node != latestNode && !find(node)) {
            withoutNode++;
            return;
        }
        latest.add(id, index);
    }

    private boolean find(int node) {
        OrderTally found = nodes.get(node);
        if (found == null) {
            if (nodes.size() >= mostNodes) {
                return false;
            }
            found = newTally();
            nodes.put(node, found);
        }
        latestNode = node;
        latest = found;
        return true;
    }

    String name() {
        return name;
    }

    /** Returns how many IDs were read before this input. */
    long base() {
        return base;
    }

    OrderTally order() {
        return order;
    }

    Map<Integer, OrderTally> nodes() {
        return Collections.unmodifiableMap(nodes);
    }

    Optional<OrderTally> node(int node) {
        return Optional.ofNullable(nodes.get(node));
    }

    /** Returns how many IDs are not in {@link #nodes}, because there were too many node ids. */
    long withoutNode() {
        return withoutNode;
    }
}
