package io.snowline.id;

import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/** A real generator with its lease keeper and a store in memory; the loop runs, on one thread, when a case says so. */
public final class LeasedGenerator {

    private static final String NAMESPACE = "stressed";
    private static final IdLayout LAYOUT = StressedGenerator.LAYOUT;
    private static final int SHORT_WAIT = 50;
    private static final int ENOUGH_TO_BURST = 64;

    private final MemoryStore store = storeWithNamespace();
    private final StressedLoop loop = new StressedLoop();
    private final SnowflakeGenerator ids = SnowflakeGenerator.builder(store, NAMESPACE)
            .layout(LAYOUT)
            .maxWait(Duration.ZERO)
            .timeSource(new StressedTime(StressedGenerator.NOW))
            .random(new SplittableRandom(1))
            .loops(name -> loop)
            .start();
    private final int node;

    public LeasedGenerator() {
        loop.run();
        for (int i = 0; i < ENOUGH_TO_BURST; i++) {
            long unused = ids.nextId();
        }
        node = LAYOUT.node(ids.nextId());
    }

    /** Creates the namespace with its floor at the present: a new namespace would otherwise have to wait a while. */
    private static MemoryStore storeWithNamespace() {
        MemoryStore store = new MemoryStore(() -> StressedGenerator.NOW);
        String identity = store.read(NAMESPACE).identity();
        var record = new NamespaceRecord(
                "first",
                LAYOUT.descriptor(),
                LAYOUT.epoch(),
                IssuingMode.LEASED,
                ReservationSettings.DEFAULT.ahead(),
                1,
                identity,
                LAYOUT.scale().positionAt(StressedGenerator.NOW),
                Optional.of(Instant.ofEpochMilli(StressedGenerator.NOW)));
        var unused = store.replace(
                NAMESPACE,
                Replacement.ofNamespace(identity, Optional.empty(), record, Optional.empty(), Trace.UNKNOWN));
        return store;
    }

    /**
     * Returns an ID.
     *
     * @throws IdUnavailableException if the generator was closed
     */
    public long nextId() {
        return ids.nextId();
    }

    /** Waits for a short random time. */
    public void waitAWhile() {
        for (int i = ThreadLocalRandom.current().nextInt(SHORT_WAIT); i > 0; i--) {
            Thread.onSpinWait();
        }
    }

    /** Closes the generator, and waits until its node id is given back. */
    public void release() {
        ids.beginClose(() -> {});
        loop.run();
    }

    /** Tells whether an ID lies below the position from which the next owner of its node id may stamp. */
    public boolean belowWhatWasGivenBack(long id) {
        var record = store.node(NAMESPACE, node).record();
        return record.released() && LAYOUT.position(id) < record.end();
    }
}
