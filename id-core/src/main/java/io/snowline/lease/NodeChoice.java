package io.snowline.lease;

import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.time.TickScale;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Chooses the node id to acquire (rule P11). Node ids are free if they were never used, were released, or have lapsed;
 * the own label comes first, then never used, then the lowest mark; ties are broken at random, so that many processes
 * that start together do not all want the same one. Taking a live one by mistake would be safe: its owner notices and
 * takes another.
 *
 * @param node the node id
 * @param expected its record as read; empty if it was never used
 * @param start the lowest position at which a new window of it may start
 */
record NodeChoice(int node, Optional<Stored<NodeRecord>> expected, long start) {

    /** With each refusal, 16 times as many of the lowest marks count as equal. */
    private static final int SPREAD_BITS = 4;

    /** The facts that a choice is based on. */
    record Situation(
            TickScale scale,
            NodeIdRange nodeIds,
            StoreView view,
            String label,
            long earliestStart,
            Map<Integer, Long> ownMarks,
            long lapsedBeforeMillis,
            int refusals,
            RandomGenerator random) {

        boolean free(NodeRecord record) {
            return record.released() || scale.millisAt(record.end()) < lapsedBeforeMillis;
        }

        long start(int node, long mark) {
            return Math.max(Math.max(earliestStart, mark), ownMarks.getOrDefault(node, 0L));
        }
    }

    /**
     * Returns the best free node id whose window could start before {@code cap}; otherwise the one that can start
     * first.
     */
    static Optional<NodeChoice> choose(Situation situation, long cap) {
        Comparator<NodeChoice> kind = Comparator.<NodeChoice, Boolean>comparing(choice -> choice.start >= cap)
                .thenComparing(choice -> choice.start >= cap ? choice.start : 0L)
                .thenComparing(choice -> !choice.hasLabel(situation.label()))
                .thenComparing(choice -> choice.expected.isPresent());
        List<NodeChoice> free = free(situation);
        Optional<NodeChoice> first = free.stream().min(kind);
        return first.map(best -> among(
                free.stream().filter(choice -> kind.compare(choice, best) == 0).toList(), situation));
    }

    /**
     * Returns one with the lowest mark. A refusal means that other processes are choosing too, and they would collide
     * at every single mark from the lowest upwards: so more of the lowest marks then count as equal, and the choices
     * spread out.
     */
    private static NodeChoice among(List<NodeChoice> alike, Situation situation) {
        List<NodeChoice> byMark =
                alike.stream().sorted(Comparator.comparing(NodeChoice::mark)).toList();
        long lowest = byMark.get(0).mark();
        long ties = byMark.stream().takeWhile(choice -> choice.mark() == lowest).count();
        long spread = 1L << Math.min(SPREAD_BITS * situation.refusals(), Integer.SIZE);
        int candidates = (int) Math.min(byMark.size(), Math.max(ties, spread));
        return byMark.get(situation.random().nextInt(candidates));
    }

    private static List<NodeChoice> free(Situation situation) {
        List<NodeChoice> free = new ArrayList<>();
        NodeIdRange range = situation.nodeIds();
        int used = 0;
        for (Stored<NodeRecord> stored : situation.view().nodes().values()) {
            NodeRecord record = stored.record();
            if (range.contains(record.node())) {
                used++;
                if (situation.free(record)) {
                    free.add(new NodeChoice(
                            record.node(), Optional.of(stored), situation.start(record.node(), record.end())));
                }
            }
        }
        if (used < range.size()) {
            int node = neverUsed(situation, range);
            free.add(new NodeChoice(node, Optional.empty(), situation.start(node, 0)));
        }
        return free;
    }

    /** Returns a node id without a record: the first one from a random place onwards. */
    private static int neverUsed(Situation situation, NodeIdRange range) {
        int node = range.first() + situation.random().nextInt(range.size());
        while (situation.view().node(node).isPresent()) {
            node = node == range.last() ? range.first() : node + 1;
        }
        return node;
    }

    private boolean hasLabel(String label) {
        return expected.isPresent() && expected.get().record().label().equals(label);
    }

    private long mark() {
        return expected.map(stored -> stored.record().end()).orElse(0L);
    }
}
