package io.snowline.id;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.lease.BatchReserver;
import io.snowline.lease.EventLoop;
import io.snowline.lease.LeaseStatus;
import io.snowline.lease.Obstacle;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Issues IDs that are recorded in the coordinator before they are handed out (recorded mode): under the node id's lock
 * it takes the next positions above the node's mark, moves the mark by compare-and-set, records every ID in the ledger
 * unless it is already there, and unlocks. Callers that wait at the same moment share one such round.
 *
 * <p>Any number of processes may use the same node id at the same time. The compare-and-set alone makes the IDs unique;
 * the lock puts callers in order, and the ledger detects anyone who issues IDs of this namespace by other means: an ID
 * that is already in it is refused, counted and never handed out. Each round takes several round trips, or a share of
 * one if the backend records in the step that reserves and the lock is kept while callers wait and no other process
 * wants it. So this mode is for those who need the record; {@link SnowflakeGenerator} is for all others.
 *
 * <p>Callers that name no node id get IDs of the configured one, or otherwise of one that the process acquires for
 * itself, so that processes do not get in each other's way. Processes that name the same node id take turns.
 *
 * <p>IDs of one node id grow from round to round. Without the coordinator nothing is issued.
 *
 * <p>Thread-safe. No lock is held while waiting, so virtual threads are welcome.
 */
public final class RecordedIdGenerator implements IdGenerator {

    /** How long a call waits before it throws, unless configured otherwise. */
    public static final Duration DEFAULT_MAX_WAIT = Duration.ofSeconds(1);

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

    /** The longest time that records are kept, short of forever: 36,500 days. */
    public static final Duration LONGEST_KEEP = Duration.ofDays(36_500);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Builder settings;
    private final String label;
    private final NodeIdRange nodeIds;
    private final Recorder recorder;
    private final EventLoop loop;
    private final Map<Integer, RecordedNode> named = new ConcurrentHashMap<>();

    /** Serves callers that name no node id: on the configured one, or on one of this process's own. */
    private final RecordedNode home;

    private final EventLoop probeLoop;
    private final AtomicBoolean looksSoon = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private RecordedIdGenerator(Builder settings, NodeIdRange nodeIds, Recorder recorder) {
        this.settings = settings;
        this.label = settings.label.get();
        this.nodeIds = nodeIds;
        this.recorder = recorder;
        this.loop = settings.loops.apply("snowline-" + settings.namespace + "-recorded");
        this.probeLoop = loop.recoveringWith(this::lookAgain);
        this.home = settings.node.isPresent()
                ? named.computeIfAbsent(settings.node.getAsInt(), node -> recordedNode(OptionalInt.of(node)))
                : recordedNode(OptionalInt.empty());
    }

    /**
     * Begins the configuration of a generator.
     *
     * @param coordinator stays open after the generator is closed; closing it is up to the caller
     * @param namespace the namespace whose IDs must differ from each other
     * @throws IllegalArgumentException if the namespace's name breaks the rule for names
     */
    public static Builder builder(NodeCoordinator coordinator, String namespace) {
        return new Builder(coordinator, namespace);
    }

    @Override
    public long nextId() {
        return nextId(home);
    }

    /**
     * Issues an ID of a node id.
     *
     * @throws IllegalArgumentException if the node id is not one of this generator's
     * @throws IdUnavailableException if none can be issued safely now
     */
    public long nextId(int node) {
        return nextId(named(node));
    }

    private long nextId(RecordedNode node) {
        long[] one = new long[1];
        nextIds(node, one);
        return one[0];
    }

    /** Fills an array, as {@link #nextIds(int, long[])} does, with IDs of the node id for callers that name none. */
    @Override
    public void nextIds(long[] ids) {
        nextIds(home, ids);
    }

    /**
     * Fills an array with IDs of a node id, ascending. Arrays of more than 16,384 are filled in several rounds, all
     * within {@code maxWait}: no round begins after it.
     *
     * @throws IllegalArgumentException if the node id is not one of this generator's
     * @throws IdUnavailableException if not all can be issued safely now
     */
    public void nextIds(int node, long[] ids) {
        nextIds(named(node), ids);
    }

    private void nextIds(RecordedNode node, long[] ids) {
        Deadline deadline = new Deadline(settings.time, settings.maxWait);
        if (ids.length > 0) {
            node.fill(ids, deadline);
        }
    }

    /**
     * Passes IDs, ascending, to a taker later, and does not wait for them. Requests that wait at the same moment share
     * rounds, also with waiting callers.
     *
     * @param count how many, at least 1
     * @param executor calls the taker
     * @throws IllegalArgumentException if the count is less than 1
     */
    public void nextIds(int count, Executor executor, IdTaker taker) {
        nextIds(home, count, executor, taker);
    }

    /**
     * Passes IDs of a node id to a taker later, as {@link #nextIds(int, Executor, IdTaker)} does.
     *
     * @param count how many, at least 1
     * @param executor calls the taker
     * @throws IllegalArgumentException if the node id is not one of this generator's, or the count is less than 1
     */
    public void nextIds(int node, int count, Executor executor, IdTaker taker) {
        nextIds(named(node), count, executor, taker);
    }

    private void nextIds(RecordedNode node, int count, Executor executor, IdTaker taker) {
        if (count < 1) {
            throw new IllegalArgumentException("count must be at least 1, got " + count);
        }
        Deadline deadline = new Deadline(settings.time, settings.maxWait);
        node.ask(count, deadline, executor, taker);
    }

    /** Returns how many requests for a node id wait for their turn; for tests. */
    int waiting(int node) {
        return named(node).waiting();
    }

    private RecordedNode named(int node) {
        if (!nodeIds.contains(node)) {
            throw new IllegalArgumentException("node must be one of nodeIds %s, got %s".formatted(nodeIds, node));
        }
        RecordedNode recorded = named.computeIfAbsent(node, key -> recordedNode(OptionalInt.of(key)));
        if (closed.get()) {
            recorded.close(); // it may have come too late to be closed with the others
        }
        return recorded;
    }

    private RecordedNode recordedNode(OptionalInt node) {
        BatchReserver reserver = new BatchReserver(
                settings.spec(),
                settings.reservation,
                label,
                node,
                settings.coordinator,
                settings.time,
                settings.random,
                settings.listener);
        var shared = new RecordedNode.Shared(
                settings.layout, recorder, settings.time, loop, settings.threads, settings.maxWait);
        return new RecordedNode(shared, reserver, this::lock);
    }

    private NodeLock lock(int node) {
        return new NodeLock(
                node, name -> settings.coordinator.lock(settings.namespace, name), settings.time, settings.random);
    }

    /** Tells whether every ID is recorded individually. */
    public boolean hasLedger() {
        return recorder.hasLedger();
    }

    /**
     * Returns when an ID was recorded.
     *
     * @return empty if no record of it is kept, or if there is no ledger
     * @throws CoordinatorUnavailableException if the coordinator did not answer
     */
    public Optional<Instant> recordedAt(long id) {
        return recorder.recordedAt(id);
    }

    /** Returns how many IDs the ledger refused because it already had them; anything but 0 is cause for alarm. */
    public long ledgerRefusals() {
        return recorder.refusals();
    }

    /** Returns the state of this generator. */
    public RecordedStatus status() {
        LeaseStatus lease = home.status();
        Optional<String> problem = closed.get()
                ? Optional.of("the generator was closed")
                : lease.obstacle().map(Obstacle::detail);
        return new RecordedStatus(home.node(), lease.incarnation(), problem, lease.failure());
    }

    @Override
    public IdLayout layout() {
        return settings.layout;
    }

    /**
     * Refuses waiting requests, waits for the rounds under way, unlocks and ends. Takes a few seconds at most if the
     * coordinator does not answer; later answers are then refused, and locks remain until they expire. When called by a
     * listener, it does not wait for the round in which the listener was called, which is refused.
     */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    void close(Duration timeout) {
        CountDownLatch unlocked = new CountDownLatch(1);
        boolean here = loop.isCurrentThread() || all().anyMatch(RecordedNode::isServedHere);
        if (!beginClose(here, unlocked::countDown)) {
            return;
        }
        Deadline deadline = new Deadline(TimeSource.system(), here ? Duration.ZERO : timeout);
        try {
            for (RecordedNode node : all().toList()) {
                node.awaitEnd(deadline.remainingNanos());
            }
            var unused = unlocked.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.close();
    }

    /**
     * Ends, and begins to unlock; does nothing if that has already begun.
     *
     * @param here whether the calling thread unlocks
     * @param done runs once everything that was not in use is unlocked
     */
    boolean beginClose(boolean here, Runnable done) {
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        all().forEach(RecordedNode::close);
        Runnable givingBack = () -> {
            all().forEach(RecordedNode::giveBack);
            done.run();
        };
        if (here) {
            givingBack.run();
        } else {
            loop.execute(givingBack);
        }
        return true;
    }

    private Stream<RecordedNode> all() {
        return Stream.concat(Stream.of(home), named.values().stream()).distinct();
    }

    /**
     * Contacts the coordinator regularly, so that status and listener stay current while no IDs are requested, and so
     * that a node id of the process's own does not lapse.
     */
    private void look() {
        // Scheduled first, so that it continues whatever happens next (P12).
        probeLoop.schedule(settings.reservation.renewEvery(), this::look);
        home.look(this::lookSoon);
    }

    private void lookSoon(Duration delay) {
        if (looksSoon.compareAndSet(false, true)) {
            probeLoop.schedule(delay, () -> {
                looksSoon.set(false);
                home.look(this::lookSoon);
            });
        }
    }

    /** Resumes after an unexpected failure. */
    private void lookAgain(Throwable thrown) {
        looksSoon.set(false);
        lookSoon(home.failed(thrown));
    }

    /**
     * The settings of a generator, in addition to those that {@linkplain GeneratorBuilder every generator has}. Not
     * thread-safe. The listener is called from several threads.
     *
     * <table>
     * <caption>Settings</caption>
     * <tr><th>setting</th><th>default</th><th>meaning</th></tr>
     * <tr><td>node</td><td>one of the process's own</td><td>the node id of callers that name none</td></tr>
     * <tr><td>ledger</td><td>true</td><td>whether every ID is recorded individually, or only the mark moves</td></tr>
     * <tr><td>keep</td><td>24 h</td><td>how long records are kept, up to 36,500 days; empty: forever</td></tr>
     * </table>
     */
    public static final class Builder extends GeneratorBuilder<Builder> {

        private OptionalInt node = OptionalInt.empty();
        private boolean withLedger = true;
        private Optional<Duration> keep = Optional.of(Duration.ofHours(24));
        private Executor threads;

        private Builder(NodeCoordinator coordinator, String namespace) {
            super(coordinator, namespace, DEFAULT_MAX_WAIT);
            threads = roundThreads("snowline-" + namespace + "-round-");
        }

        @Override
        Builder self() {
            return this;
        }

        @Override
        IssuingMode mode() {
            return IssuingMode.RECORDED;
        }

        /** Sets a node id for callers that name none. Processes configured with the same one take turns on it. */
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

        /** Sets the executor that runs the rounds; for simulations. */
        Builder threads(Executor value) {
            threads = value;
            return this;
        }

        /** Returns an executor whose threads end when idle: one for each node id that callers wait for. */
        private static Executor roundThreads(String prefix) {
            AtomicInteger number = new AtomicInteger();
            ThreadFactory factory = task -> {
                Thread thread = new Thread(task, prefix + number.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            };
            return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
        }

        /**
         * Starts the generator, which begins to contact the coordinator in the background.
         *
         * @throws IllegalArgumentException if the settings contradict each other, {@code maxWait} is shorter than 1 ms,
         *     or a ledger is asked for and the coordinator has none
         */
        public RecordedIdGenerator start() {
            NodeIdRange range = range();
            if (node.isPresent() && !range.contains(node.getAsInt())) {
                throw new IllegalArgumentException(
                        "node must be one of nodeIds %s, got %s".formatted(range, node.getAsInt()));
            }
            if (maxWait.compareTo(SHORTEST_WAIT) < 0) {
                throw new IllegalArgumentException(
                        "maxWait must be at least 1 ms in recorded mode, where each ID takes a call to the coordinator, got "
                                + maxWait);
            }
            requireStartInReach();
            Optional<IdLedger> ledger = withLedger ? coordinator.ledger(namespace) : Optional.empty();
            if (withLedger && ledger.isEmpty()) {
                throw new IllegalArgumentException(
                        "ledger must be false on a coordinator that keeps no record per ID, got true on "
                                + coordinator);
            }
            RecordedIdGenerator generator =
                    new RecordedIdGenerator(this, range, new Recorder(coordinator, namespace, ledger, keep));
            generator.probeLoop.execute(generator::look);
            return generator;
        }
    }
}
