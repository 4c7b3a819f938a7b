package io.snowline.walk;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A small exact store of one namespace, with a clock that stands still until a step moves it. */
final class WalkStore {

    private record Content(Optional<Stored<NamespaceRecord>> namespace, Map<Integer, Stored<NodeRecord>> nodes) {}

    /** What a store may get wrong, so that the walk can show that it would notice. */
    enum Slip {
        NONE,
        /** A step is applied whatever the records say by then. */
        RECORDS_NOT_COMPARED
    }

    private Slip slip = Slip.NONE;
    private Content content = new Content(Optional.empty(), Map.of());
    private Content replica = content;
    private int identity;
    private Instant time;
    private @Nullable String lockedBy;
    private final Set<Long> ledger = new HashSet<>();

    WalkStore(Instant time) {
        this.time = time;
    }

    // ---- what happens to it ----

    /** Writes a namespace record that has stood for long, so that no walk need begin with making one. */
    void prepare(NamespaceRecord record) {
        content = new Content(Optional.of(new Stored<>(record, 0)), Map.of());
        replica = content;
    }

    void slip(Slip habit) {
        slip = habit;
    }

    void pass(Duration step) {
        time = time.plus(step);
    }

    /** Everything is gone, and the server is the same (Redis: FLUSHALL). */
    void wipe() {
        content = new Content(Optional.empty(), Map.of());
        ledger.clear();
        lockedBy = null;
    }

    /** Another server goes on from what it has: whatever came after that is lost. Its clock is off as well. */
    void failOver(Duration clocksDiffer) {
        content = replica;
        identity++;
        time = time.plus(clocksDiffer);
        ledger.clear();
        lockedBy = null;
    }

    boolean locked() {
        return lockedBy != null;
    }

    void lockExpires() {
        lockedBy = null;
    }

    // ---- what it does ----

    String identity() {
        return "server-" + identity;
    }

    StoreView read() {
        return view(content.nodes);
    }

    Replaced replace(Replacement step) {
        boolean applied = holds(step);
        if (applied) {
            Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>(content.nodes);
            step.node().ifPresent(change -> nodes.put(change.next().node(), new Stored<>(change.next(), 0)));
            Optional<Stored<NamespaceRecord>> namespace = step.namespace().map(record -> new Stored<>(record, 0));
            content = new Content(namespace.or(content::namespace), nodes);
        }
        Map<Integer, Stored<NodeRecord>> concerned = new HashMap<>();
        step.node()
                .map(change -> content.nodes.get(change.next().node()))
                .ifPresent(stored -> concerned.put(stored.record().node(), stored));
        return new Replaced(applied, view(concerned));
    }

    private boolean holds(Replacement step) {
        return inTime(step)
                && step.identity().equals(identity())
                && (slip == Slip.RECORDS_NOT_COMPARED
                        || (step.expected().equals(content.namespace) && nodeHolds(step)));
    }

    private boolean inTime(Replacement step) {
        return step.notAfter().filter(time::isAfter).isEmpty();
    }

    private boolean nodeHolds(Replacement step) {
        return step.node()
                .filter(change -> !change.expected()
                        .equals(Optional.ofNullable(
                                content.nodes.get(change.next().node()))))
                .isEmpty();
    }

    private StoreView view(Map<Integer, Stored<NodeRecord>> nodes) {
        return new StoreView(content.namespace, nodes, identity(), Optional.of(time));
    }

    boolean tryLock(String token) {
        boolean free = lockedBy == null;
        lockedBy = free ? token : lockedBy;
        return free;
    }

    boolean unlock(String token) {
        boolean held = token.equals(lockedBy);
        lockedBy = held ? null : lockedBy;
        return held;
    }

    /** Records IDs, and returns those that were there before. */
    long[] record(long[] ids) {
        List<Long> refused = new ArrayList<>();
        for (long id : ids) {
            if (!ledger.add(id)) {
                refused.add(id);
            }
        }
        return refused.stream().mapToLong(Long::longValue).toArray();
    }
}
