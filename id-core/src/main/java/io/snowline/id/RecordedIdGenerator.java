package io.snowline.id;

import io.snowline.coordination.BatchReserver;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.EventLoop;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.LeaseStatus;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.Obstacle;
import io.snowline.coordination.Recorded;
import io.snowline.coordination.Replacement;
import io.snowline.id.IdUnavailableException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Issues IDs that are recorded in the coordinator before they are handed out (recorded mode): under the node id's lock it
 * takes the next positions above the node's mark, moves the mark by compare-and-set, records every ID in the ledger if it
 * is not there yet, and unlocks. Callers that wait at the same moment share one such round.
 *
 * <p>Any number of processes may use the same node id at once. The compare-and-set alone makes the IDs unique; the lock
 * puts callers in order, and the ledger finds out whoever issues IDs of this namespace some other way: an ID that it has
 * already is refused, counted and never handed out. Each round takes several round trips, or a share of one where the
 * backend records in the step that reserves and the lock is kept while callers wait (for 50 ms at a time, at most). So
 * this mode is for those who need the record; {@link SnowflakeGenerator} is for all others.
 *
 * <p>IDs of one node id grow from round to round. Without the coordinator nothing is issued.
 *
 * <p>Safe for use by many threads. Waiting holds no lock, so virtual threads are welcome.
 */
public final class RecordedIdGenerator implements IdGenerator {

    /** The longest that records are kept, short of forever: 36,500 days. */
    public static final Duration LONGEST_KEEP = Duration.ofDays(36_500);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final IdLayout layout;
    private final NodeIdRange nodeIds;
    private final int defaultNode;
    private final Optional<IdLedger> ledger;
    private final Builder settings;
    private final String label;
    private final Map<Integer, RecordedNode> nodes = new ConcurrentHashMap<>();
    private final AtomicLong ledgerRefusals = new AtomicLong();
    private final BatchReserver probe;
    private final EventLoop loop;
    private final EventLoop probeLoop;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RecordedIdGenerator(Builder settings, NodeIdRange nodeIds, Optional<IdLedger> ledger) {
        this.settings = settings;
        this.label = settings.label.get();
        this.layout = settings.layout;
        this.nodeIds = nodeIds;
        this.defaultNode = settings.node.orElse(nodeIds.first());
        this.ledger = ledger;
        this.probe = reserver();
        this.loop = settings.loops.apply("snowline-" + settings.namespace + "-recorded");
        this.probeLoop = loop.recoveringWith(this::lookAgain);
    }

    /**
     * Begins the configuration of a generator.
     *
     * @param coordinator stays open, and the caller's to close, after the generator is closed
     * @param namespace the namespace whose IDs must differ from each other
     * @throws IllegalArgumentException if the namespace's name breaks the rule for names
     */
    public static Builder builder(NodeCoordinator coordinator, String namespace) {
        return new Builder(coordinator, namespace);
    }

    @Override
    public long nextId() {
        return nextId(defaultNode);
    }

    /**
     * Issues an ID of a node id.
     *
     * @throws IllegalArgumentException if the node id is not one of this generator's
     * @throws IdUnavailableException if none can be issued safely now
     */
    public long nextId(int node) {
        long[] one = new long[1];
        nextIds(node, one);
        return one[0];
    }

    @Override
    public void nextIds(long[] ids) {
        nextIds(defaultNode, ids);
    }

    /**
     * Fills an array with IDs of a node id, ascending. Arrays of more than 16,384 are filled in several rounds.
     *
     * @throws IllegalArgumentException if the node id is not one of this generator's
     * @throws IdUnavailableException if not all can be issued safely now
     */
    public void nextIds(int node, long[] ids) {
        if (!nodeIds.contains(node)) {
            throw new IllegalArgumentException("node must be one of nodeIds %s, got %d".formatted(nodeIds, node));
        }
        if (closed.get()) {
            throw new IdUnavailableException(Reason.CLOSED, Duration.ZERO, "the generator was closed");
        }
        RecordedNode recorded = nodes.computeIfAbsent(node, this::recordedNode);
        for (int from = 0; from < ids.length; from += RecordedNode.LONGEST_ROUND) {
            recorded.fill(ids, from, Math.min(RecordedNode.LONGEST_ROUND, ids.length - from));
        }
    }

    private RecordedNode recordedNode(int node) {
        DistributedLock lock = settings.coordinator.lock(settings.namespace, "node-" + node);
        return new RecordedNode(
                node, layout, lock, reserver(), this::write, settings.time, settings.random, loop, settings.maxWait);
    }

    private Recorded write(Replacement step, long[] ids) {
        if (ledger.isEmpty()) {
            return new Recorded(settings.coordinator.replace(settings.namespace, step), new long[0]);
        }
        Recorded recorded = settings.coordinator.replaceAndRecord(settings.namespace, step, ids, settings.keep);
        ledgerRefusals.addAndGet(recorded.refused().length);
        return recorded;
    }

    private BatchReserver reserver() {
        return new BatchReserver(
                settings.spec(),
                settings.reservation,
                label,
                settings.coordinator,
                settings.time,
                settings.random,
                settings.listener);
    }

    /** Tells whether every ID is recorded by itself. */
    public boolean hasLedger() {
        return ledger.isPresent();
    }

    /**
     * Tells when an ID was recorded.
     *
     * @return empty if no record of it is kept, or if there is no ledger
     * @throws CoordinatorUnavailableException if the coordinator did not answer
     */
    public Optional<Instant> recordedAt(long id) {
        return ledger.flatMap(records -> records.recordedAt(id));
    }

    /** Returns how many IDs the ledger refused because it had them already; anything but 0 is an alarm. */
    public long ledgerRefusals() {
        return ledgerRefusals.get();
    }

    /** Returns how this generator stands: one entry, for the default node id. */
    public List<LaneStatus> status() {
        LeaseStatus lease = probe.status();
        boolean usable = !closed.get() && lease.obstacle().isEmpty();
        return List.of(new LaneStatus(
                OptionalInt.of(defaultNode),
                Instant.EPOCH,
                usable ? Duration.ofMillis(1) : Duration.ZERO,
                Duration.ZERO,
                lease.obstacle().filter(Obstacle::outcomeUnknown).isPresent(),
                lease.incarnation(),
                lease.obstacle().map(Obstacle::detail),
                lease.failure()));
    }

    @Override
    public IdLayout layout() {
        return layout;
    }

    /** Unlocks and ends. Takes a few seconds at most when the coordinator does not answer; then locks stay until they expire. */
    @Override
    public void close() {
        CountDownLatch unlocked = new CountDownLatch(1);
        if (!beginClose(unlocked::countDown)) {
            return;
        }
        try {
            var unused = unlocked.await(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.close();
    }

    /**
     * Ends, and begins to unlock; does nothing if that was begun before.
     *
     * @param done runs when what was not in use is unlocked
     */
    boolean beginClose(Runnable done) {
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        loop.execute(() -> {
            nodes.values().forEach(RecordedNode::close);
            done.run();
        });
        return true;
    }

    /** Looks at the coordinator now and then, so that status and listener know how it is while nobody asks for IDs. */
    private void look() {
        Duration next = probe.prepare().map(Obstacle::retryAfter).orElse(settings.reservation.renewEvery());
        probeLoop.schedule(next, this::look);
    }

    /** Goes on looking after something unexpected was thrown. */
    private void lookAgain(Throwable thrown) {
        Duration soon = probe.failed(thrown).retryAfter();
        Duration usual = settings.reservation.renewEvery();
        probeLoop.schedule(soon.compareTo(usual) < 0 ? soon : usual, this::look);
    }

    /**
     * The settings of a generator, beside those that {@linkplain GeneratorBuilder every generator has}. Not safe for use by
     * many threads. The listener hears from several threads.
     *
     * <table>
     * <caption>Settings</caption>
     * <tr><th>setting</th><th>default</th><th>meaning</th></tr>
     * <tr><td>node</td><td>the lowest of nodeIds</td><td>the node id of callers who name none</td></tr>
     * <tr><td>ledger</td><td>true</td><td>whether every ID is recorded by itself, or the mark alone moves</td></tr>
     * <tr><td>keep</td><td>24 h</td><td>how long records are kept, up to 36,500 days; empty: forever</td></tr>
     * </table>
     */
    public static final class Builder extends GeneratorBuilder<Builder> {

        private OptionalInt node = OptionalInt.empty();
        private boolean withLedger = true;
        private Optional<Duration> keep = Optional.of(Duration.ofHours(24));

        private Builder(NodeCoordinator coordinator, String namespace) {
            super(coordinator, namespace, Duration.ofSeconds(1));
        }

        @Override
        Builder self() {
            return this;
        }

        @Override
        IssuingMode mode() {
            return IssuingMode.RECORDED;
        }

        public Builder node(int value) {
            node = OptionalInt.of(value);
            return this;
        }

        public Builder ledger(boolean value) {
            withLedger = value;
            return this;
        }

        /**
         * Sets how long records are kept; empty: forever.
         *
         * @throws IllegalArgumentException if the duration is shorter than 1 ms or longer than {@link #LONGEST_KEEP}
         */
        public Builder keep(Optional<Duration> value) {
            value.ifPresent(duration -> Durations.requireKeepable("keep", duration));
            keep = value;
            return this;
        }

        /**
         * Makes the generator, which begins to look at the coordinator in the background.
         *
         * @throws IllegalArgumentException if the settings contradict each other, or the coordinator has no ledger and one
         *     is asked for
         */
        public RecordedIdGenerator start() {
            NodeIdRange range = range();
            if (node.isPresent() && !range.contains(node.getAsInt())) {
                throw new IllegalArgumentException(
                        "node must be one of nodeIds %s, got %d".formatted(range, node.getAsInt()));
            }
            Optional<IdLedger> ledger = withLedger ? coordinator.ledger(namespace) : Optional.empty();
            if (withLedger && ledger.isEmpty()) {
                throw new IllegalArgumentException(
                        "ledger must be false on a coordinator that keeps no record per ID, got true on "
                                + coordinator);
            }
            RecordedIdGenerator generator = new RecordedIdGenerator(this, range, ledger);
            generator.probeLoop.execute(generator::look);
            return generator;
        }
    }
}
