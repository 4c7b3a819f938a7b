package io.snowline.walk;

import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.id.IdLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sees every write to the store and every ID, and fails at the first that breaks a promise: no ID twice, windows
 * disjoint, each ID inside a window whose grant has reached its process, and IDs in order within a process.
 */
final class Checker {

    /**
     * Positions of one node id that were granted to one life of a process. They stay here even if the store forgets
     * them.
     */
    private static final class Grant {
        final Life life;
        final int node;
        final String owner;
        final long start;
        long end;

        Grant(Life life, NodeRecord record, long start, long end) {
            this.life = life;
            this.node = record.node();
            this.owner = record.owner();
            this.start = start;
            this.end = end;
        }

        boolean overlaps(int otherNode, long from, long to) {
            return node == otherNode && from < end && start < to;
        }

        @Override
        public String toString() {
            return "%s's [%d, %d) of node id %d".formatted(life, start, end, node);
        }
    }

    private final IdLayout layout;
    private final List<Grant> grants = new ArrayList<>();
    private final Map<Long, Life> issued = new HashMap<>();

    Checker(IdLayout layout) {
        this.layout = layout;
    }

    int issued() {
        return issued.size();
    }

    /** Registers a step that the store has applied. */
    void applied(Life life, Replacement step, StoreView after) {
        step.node().ifPresent(change -> {
            NodeRecord next = change.next();
            Optional<NodeRecord> before = change.expected().map(Stored::record);
            if (next.released() && life.leased()) {
                released(before.orElseThrow(), next);
            } else {
                granted(life, before, next, usableEnd(next.end(), after));
            }
        });
    }

    /**
     * Of a window, only the part within "ahead" of the store's clock at that step may be used, if the store has a clock
     * (P4).
     */
    private long usableEnd(long end, StoreView after) {
        long ahead = after.namespace().orElseThrow().record().ahead().toMillis();
        return after.time()
                .map(time -> Math.min(end, layout.scale().positionAt(time.toEpochMilli() + ahead)))
                .orElse(end);
    }

    private void granted(Life life, Optional<NodeRecord> before, NodeRecord next, long end) {
        Optional<Grant> run = before.filter(
                        record -> life.leased() && record.owner().equals(next.owner()))
                .filter(record -> record.start() == next.start())
                .flatMap(this::grantOf);
        for (Grant other : grants) {
            if (run.filter(own -> own == other).isEmpty() && other.overlaps(next.node(), next.start(), end)) {
                throw new AssertionError("%s was granted [%d, %d) of node id %d, which overlaps %s"
                        .formatted(life, next.start(), end, next.node(), other));
            }
        }
        run.ifPresentOrElse(
                own -> own.end = Math.max(own.end, end), () -> grants.add(new Grant(life, next, next.start(), end)));
    }

    private Optional<Grant> grantOf(NodeRecord record) {
        return grants.stream()
                .filter(grant -> grant.owner.equals(record.owner()) && grant.node == record.node())
                .filter(grant -> grant.start == record.start())
                .findFirst();
    }

    private void released(NodeRecord before, NodeRecord next) {
        for (Grant grant : grants) {
            if (grant.node == next.node() && grant.owner.equals(before.owner())) {
                grant.end = Math.min(grant.end, next.end());
            }
        }
    }

    /** Registers a grant whose answer has reached its process: only now may it be used (P5). */
    void confirmed(Life life, NodeRecord record, StoreView answer) {
        if (record.released() && life.leased()) {
            life.giveBack(record.node(), record.end());
        } else {
            life.mayStamp(record.node(), record.start(), usableEnd(record.end(), answer));
        }
    }

    /** Checks an ID that was handed out. */
    void issued(Life life, long id) {
        Life before = issued.putIfAbsent(id, life);
        if (before != null) {
            throw new AssertionError(
                    "ID %d (%s) was issued twice: by %s and by %s".formatted(id, layout.decode(id), before, life));
        }
        if (id <= life.newest) {
            throw new AssertionError("%s issued %d after %d: not in order".formatted(life, id, life.newest));
        }
        life.newest = id;
        if (!life.mayHaveStamped(layout.node(id), layout.position(id))) {
            throw new AssertionError("%s stamped position %d of node id %d, which was not granted to it"
                    .formatted(life, layout.position(id), layout.node(id)));
        }
    }
}
