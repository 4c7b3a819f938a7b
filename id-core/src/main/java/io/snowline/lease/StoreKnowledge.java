package io.snowline.lease;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What one exchange with the coordinator has shown so far: the latest view, how far it can be relied on, and the
 * reading of the store's clock that came with it. After an unknown outcome all of it is dropped and read again.
 *
 * <p>Not thread-safe.
 */
final class StoreKnowledge {

    private final ReferenceClock clock;
    private final long maxClockSkewMillis;
    private final LongConsumer reference;

    private @Nullable StoreView view;
    private boolean fresh;
    private boolean complete;
    private long skewMillis;

    /**
     * @param reference receives the reference time, in microseconds since 1970, at each credible reading
     */
    StoreKnowledge(ReferenceClock clock, ReservationSettings settings, LongConsumer reference) {
        this.clock = clock;
        this.maxClockSkewMillis = settings.maxClockSkew().toMillis();
        this.reference = reference;
    }

    /** Takes a read of everything. */
    void took(StoreView read) {
        tookPart(read, true);
        fresh = true;
    }

    /**
     * Takes a read of the namespace record and some node ids.
     *
     * @param toChooseFrom whether these are the ones that this process chooses from
     */
    void tookPart(StoreView read, boolean toChooseFrom) {
        view = read;
        fresh = false;
        complete = toChooseFrom;
        observe(read);
    }

    /** Takes the answer to a replacement, which shows the namespace record and the node id concerned. */
    void took(Replacement replacement, Replaced replaced) {
        StoreView before = view();
        StoreView answer = replaced.view();
        Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>(before.nodes());
        replacement.node().ifPresent(change -> nodes.remove(change.next().node()));
        nodes.putAll(answer.nodes());
        fresh &= replaced.applied();
        if (!replaced.applied() && !answer.namespace().equals(before.namespace())) {
            complete = false; // the namespace has changed, and with it perhaps the other node ids
        }
        view = new StoreView(answer.namespace(), nodes, answer.identity(), answer.time());
        observe(answer);
    }

    /** Drops the view, because the outcome of a step is unknown. */
    void forget() {
        view = null;
    }

    /** Keeps only the namespace record and one node id, which is all that an owner needs. */
    void keepOnly(int node) {
        StoreView before = view();
        Map<Integer, Stored<NodeRecord>> kept =
                before.node(node).map(stored -> Map.of(node, stored)).orElse(Map.of());
        view = new StoreView(before.namespace(), kept, before.identity(), before.time());
        fresh = false;
        complete = false;
    }

    boolean known() {
        return view != null;
    }

    /**
     * Tells whether the view has every record and no step was refused since: only then may a floor be computed from it.
     */
    boolean fresh() {
        return fresh;
    }

    /** Tells whether the view has every node id that this process chooses from. */
    boolean complete() {
        return complete;
    }

    StoreView view() {
        if (view == null) {
            throw new IllegalStateException("the store was not read yet");
        }
        return view;
    }

    /** Returns the namespace record, which must be there. */
    Stored<NamespaceRecord> namespace() {
        return view().namespace().orElseThrow();
    }

    /** Returns the namespace's incarnation; 0 if it is not known. */
    long incarnation() {
        return view == null
                ? 0
                : view.namespace().map(stored -> stored.record().incarnation()).orElse(0L);
    }

    /** Returns the obstacle that stands while the only two clocks available at startup differ too much. */
    Optional<Obstacle> clocksDisagree() {
        if (clock.known()) {
            return Optional.empty();
        }
        String detail =
                "the coordinator's clock and this machine's differ by %s ms, more than maxClockSkew %s ms; set the one that is wrong"
                        .formatted(skewMillis, maxClockSkewMillis);
        return Optional.of(new Obstacle(Obstacle.Kind.CLOCKS_DISAGREE, detail, Obstacle.SOON));
    }

    private void observe(StoreView answer) {
        Optional<Long> storeMillis = answer.time().map(Instant::toEpochMilli);
        skewMillis = storeMillis.map(clock::skewMillis).orElse(0L);
        if (clock.known() || Math.abs(skewMillis) <= maxClockSkewMillis) {
            reference.accept(clock.observe(storeMillis));
        }
    }
}
