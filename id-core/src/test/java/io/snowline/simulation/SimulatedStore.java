package io.snowline.simulation;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One server of a backend: an exact compare-and-set, a clock of its own that may be off, and an operator who wipes it,
 * restores it from an old copy, or makes it the replica of another.
 */
final class SimulatedStore implements NodeCoordinator {

    private record Content(Map<String, Stored<NamespaceRecord>> namespaces, Map<String, Stored<NodeRecord>> nodes) {
        static Content empty() {
            return new Content(new HashMap<>(), new HashMap<>());
        }

        Content copy() {
            return new Content(new HashMap<>(namespaces), new HashMap<>(nodes));
        }
    }

    private final Timeline timeline;
    private final boolean hasClock;
    private Content content = Content.empty();
    private Content saved = Content.empty();
    private long clockOffsetMillis;
    private long identity;
    private boolean up = true;

    SimulatedStore(Timeline timeline, boolean hasClock, long clockOffsetMillis) {
        this.timeline = timeline;
        this.hasClock = hasClock;
        this.clockOffsetMillis = clockOffsetMillis;
        this.identity = timeline.random().nextLong();
    }

    // ---- what an operator, or bad luck, does to it ----

    void up(boolean isUp) {
        up = isUp;
    }

    void save() {
        saved = content.copy();
    }

    void restartFromSaved() {
        content = saved.copy();
        newIdentity();
    }

    void wipe() {
        content = Content.empty();
    }

    void newIdentity() {
        identity = timeline.random().nextLong();
    }

    void copyFrom(SimulatedStore other) {
        content = other.content.copy();
    }

    void stepClock(long millis) {
        clockOffsetMillis += millis;
    }

    long unixMillis() {
        return timeline.unixMillis() + clockOffsetMillis;
    }

    // ---- the SPI ----

    @Override
    public StoreView read(String namespace) {
        requireUp();
        Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>();
        content.nodes.forEach((key, stored) -> {
            if (key.startsWith(namespace + "/")) {
                nodes.put(stored.record().node(), stored);
            }
        });
        return view(namespace, nodes);
    }

    @Override
    public Replaced replace(String namespace, Replacement step) {
        requireUp();
        boolean applied = holds(namespace, step);
        if (applied) {
            step.namespace().ifPresent(record -> content.namespaces.put(namespace, new Stored<>(record, 0)));
            step.node()
                    .ifPresent(change ->
                            content.nodes.put(key(namespace, change.next().node()), new Stored<>(change.next(), 0)));
        }
        Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>();
        step.node().ifPresent(change -> {
            Stored<NodeRecord> stored =
                    content.nodes.get(key(namespace, change.next().node()));
            if (stored != null) {
                nodes.put(change.next().node(), stored);
            }
        });
        return new Replaced(applied, view(namespace, nodes));
    }

    private boolean holds(String namespace, Replacement step) {
        boolean late = hasClock
                && step.notAfter().isPresent()
                && unixMillis() > step.notAfter().get().toEpochMilli();
        return !late
                && step.identity().equals(identityText())
                && step.expected().equals(Optional.ofNullable(content.namespaces.get(namespace)))
                && step.node()
                        .map(change -> change.expected()
                                .equals(Optional.ofNullable(content.nodes.get(
                                        key(namespace, change.next().node())))))
                        .orElse(true);
    }

    private StoreView view(String namespace, Map<Integer, Stored<NodeRecord>> nodes) {
        return new StoreView(
                Optional.ofNullable(content.namespaces.get(namespace)),
                nodes,
                identityText(),
                hasClock ? Optional.of(Instant.ofEpochMilli(unixMillis())) : Optional.empty());
    }

    private String identityText() {
        return Long.toHexString(identity);
    }

    private void requireUp() {
        if (!up) {
            throw new CoordinatorUnavailableException("the simulated store is down");
        }
    }

    private static String key(String namespace, int node) {
        return namespace + "/" + node;
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        throw new UnsupportedOperationException("leased mode needs no lock");
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        return Optional.empty();
    }

    @Override
    public void close() {
        // nothing is open
    }
}
