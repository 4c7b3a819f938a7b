package io.snowline.audit;

import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a node id over all inputs.
 *
 * <p>Immutable and thread-safe.
 *
 * @param node the node id
 * @param count how many IDs carry it
 * @param least the least of them
 * @param greatest the greatest of them
 * @param stepsBack how many of them are not larger than the one before them with the same node id in the same input
 * @param largestStep the ticks of the largest step back, or -1
 * @param largestStepPlace where that step led to, or null
 */
record NodeTally(
        int node,
        long count,
        long least,
        long greatest,
        long stepsBack,
        long largestStep,
        @Nullable IdPosition largestStepPlace) {

    /** Returns the node ids of all inputs, in order. */
    static List<NodeTally> of(List<InputTally> inputs) {
        TreeMap<Integer, NodeTally> nodes = new TreeMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            int input = i;
            inputs.get(input).nodes().forEach((node, order) -> {
                var unused = nodes.merge(node, of(node, order, input), NodeTally::plus);
            });
        }
        return List.copyOf(nodes.values());
    }

    private static NodeTally of(int node, OrderTally order, int input) {
        return new NodeTally(
                node,
                order.count(),
                order.least(),
                order.greatest(),
                order.stepsBack(),
                order.largestStep(),
                order.stepsBack() == 0 ? null : new IdPosition(input, order.largestStepIndex()));
    }

    private NodeTally plus(NodeTally other) {
        NodeTally further = other.largestStep > largestStep ? other : this;
        return new NodeTally(
                node,
                count + other.count,
                Math.min(least, other.least),
                Math.max(greatest, other.greatest),
                stepsBack + other.stepsBack,
                further.largestStep,
                further.largestStepPlace);
    }
}
