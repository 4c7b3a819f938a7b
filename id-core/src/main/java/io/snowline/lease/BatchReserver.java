package io.snowline.lease;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.LeaseListener;
import io.snowline.coordination.NamespaceMismatchException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Recorded;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.time.TickScale;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Reserves positions of one node id in batches, for recorded mode: rule P1 with a window of exactly one batch. Any
 * number of processes may reserve on the same node id; the compare-and-set of its record gives each position to exactly
 * one of them, whether or not they also hold a lock, and whether or not the node id is their own.
 *
 * <p>Not thread-safe, apart from {@link #node} and {@link #status}.
 */
public final class BatchReserver {

    private static final int ATTEMPTS = 16;

    private final NamespaceSpec spec;
    private final NodeCoordinator coordinator;
    private final TimeSource time;
    private final NodeClaim claim;
    private final ReferenceClock clock;
    private final StoreKnowledge knowledge;
    private final NamespaceAgreement agreement;
    private final LeaseNews news;

    /**
     * Why no node id of this process's own could be taken; until the deadline below, asking again is not worthwhile.
     */
    private Optional<Obstacle> noneFree = Optional.empty();

    private long noneFreeUntilNanos;

    /**
     * Creates a reserver; nothing is requested yet.
     *
     * @param label this process's name for humans, written to the node id's record
     * @param node the node id; empty to take one of the process's own
     * @param listener notified of failures, recoveries and floors
     */
    public BatchReserver(
            NamespaceSpec spec,
            ReservationSettings settings,
            String label,
            OptionalInt node,
            NodeCoordinator coordinator,
            TimeSource time,
            RandomGenerator random,
            LeaseListener listener) {
        Tokens tokens = new Tokens(random);
        this.spec = spec;
        this.coordinator = coordinator;
        this.time = time;
        this.claim = node.isPresent()
                ? new NamedNode(node.getAsInt(), label, tokens)
                : new OwnNode(spec, settings, label, random, tokens);
        this.clock = new ReferenceClock(time);
        this.knowledge = new StoreKnowledge(clock, settings, micros -> {});
        this.agreement = new NamespaceAgreement(spec, settings, tokens);
        this.news = new LeaseNews(spec, label, new LeaseLog(listener));
    }

    /**
     * The outcome of an attempt to reserve.
     *
     * @param refused the IDs of the batch that were already recorded
     * @param obstacle why nothing was reserved; empty if it was
     */
    @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next, and never compared
    public record Outcome(long[] refused, Optional<Obstacle> obstacle) {

        private static final Outcome DONE = new Outcome(new long[0], Optional.empty());

        static Outcome of(Obstacle obstacle) {
            return new Outcome(DONE.refused, Optional.of(obstacle));
        }
    }

    /** Returns the node id on which batches are reserved; empty while none is held. */
    public OptionalInt node() {
        return claim.node();
    }

    /** Returns the state of the exchange with the coordinator. */
    public LeaseStatus status() {
        return news.status();
    }

    /**
     * Contacts the coordinator, and ensures that the namespace is fixed as configured and, where a node id of the
     * process's own is wanted, that one is held and does not lapse.
     *
     * @return the obstacle, if any
     */
    public Optional<Obstacle> prepare() {
        if (noneFree.isPresent() && time.monotonicNanos() - noneFreeUntilNanos < 0) {
            return noneFree;
        }
        return attempt(() -> claim instanceof OwnNode own ? claimed(own) : looked())
                .obstacle();
    }

    private Outcome looked() {
        knowledge.forget(); // otherwise the coordinator would not be asked at all
        return settled().map(Outcome::of).orElse(Outcome.DONE);
    }

    /** Applies the step that reserves a batch and, if it was applied, records the batch's IDs. */
    public interface Writer {

        /**
         * Applies the step.
         *
         * @param batch the node record that the step writes: the batch runs from its start to its end
         */
        Recorded write(Replacement step, NodeRecord batch);
    }

    /**
     * Reserves consecutive positions.
     *
     * @param count how many, at least 1
     * @param writer applies the step; called several times if other processes are faster
     * @throws IllegalStateException if no node id is held
     */
    public Outcome reserve(int count, Writer writer) {
        return attempt(() -> {
            for (int i = 0; i < ATTEMPTS; i++) {
                Optional<Obstacle> obstacle = settled().or(this::lost);
                if (obstacle.isPresent()) {
                    return Outcome.of(obstacle.get());
                }
                Optional<Outcome> outcome = tryReserve(count, writer);
                if (outcome.isPresent()) {
                    return outcome.get();
                }
            }
            return Outcome.of(busy());
        });
    }

    /** Releases a node id of the process's own (P7), after which nothing may be reserved any more. */
    public void release() {
        if (claim instanceof OwnNode own && own.node().isPresent()) {
            try {
                releaseOnce(own);
            } catch (CoordinatorUnavailableException | UnreadableRecordException e) {
                news.closed("the coordinator could not be told: " + e.getMessage());
            }
            own.drop();
        }
    }

    /**
     * Reports an unexpected failure, of this reserver or of the task that uses it (P12).
     *
     * @return the obstacle that stands until the coordinator has answered again
     */
    public Obstacle failed(Throwable thrown) {
        knowledge.forget();
        return news.failed(claim.node(), thrown, time);
    }

    private interface Step {
        Outcome run();
    }

    private Outcome attempt(Step step) {
        long asked = time.monotonicNanos();
        try {
            Outcome outcome = step.run();
            Duration took = Duration.ofNanos(time.monotonicNanos() - asked);
            outcome.obstacle()
                    .filter(obstacle -> !concernsThisCall(obstacle))
                    .ifPresentOrElse(
                            obstacle -> news.obstructed(claim.node(), obstacle, knowledge.incarnation(), null),
                            () -> news.answered(claim.node(), knowledge.incarnation(), took));
            return outcome;
        } catch (NamespaceMismatchException | UnreadableRecordException e) {
            knowledge.forget();
            Obstacle obstacle = Obstacle.of(e);
            news.obstructed(claim.node(), obstacle, knowledge.incarnation(), e);
            return Outcome.of(obstacle);
        } catch (CoordinatorUnavailableException e) {
            knowledge.forget(); // if the batch was reserved, its positions are lost
            news.atRisk(claim.node(), Duration.ZERO, e, Duration.ofNanos(time.monotonicNanos() - asked));
            return Outcome.of(Obstacle.of(e));
        } catch (RuntimeException | Error e) {
            knowledge.forget();
            throw e;
        }
    }

    /** Tells whether an obstacle concerns only the caller, and not those who monitor the lease. */
    private static boolean concernsThisCall(Obstacle obstacle) {
        return obstacle.kind() == Obstacle.Kind.WINDOW_AHEAD || obstacle.kind() == Obstacle.Kind.STARTING;
    }

    // ---- the namespace ----

    /** Reads and writes until the namespace record stands; returns the obstacle, if any. */
    private Optional<Obstacle> settled() {
        boolean all = false;
        for (int i = 0; i < ATTEMPTS; i++) {
            if (!knowledge.known()) {
                look(all);
            }
            Optional<Obstacle> disagreement = knowledge.clocksDisagree();
            if (disagreement.isPresent()) {
                knowledge.forget();
                return disagreement;
            }
            Optional<Obstacle> obstacle = agreement.cannotBegin(knowledge.view(), clock);
            if (obstacle.isPresent()) {
                knowledge.forget();
                return obstacle;
            }
            Optional<Replacement> step = agreement.settle(knowledge.view(), clock);
            if (step.isEmpty()) {
                return Optional.empty();
            }
            if (knowledge.fresh()) {
                write(step.get());
            } else {
                knowledge.forget();
                all = true; // a floor is computed from every remaining mark
            }
        }
        return Optional.of(new Obstacle(
                Obstacle.Kind.COORDINATOR_UNAVAILABLE,
                "the record of namespace '%s' changes faster than it can be agreed on".formatted(spec.name()),
                Obstacle.SOON));
    }

    private void look(boolean all) {
        NodeIdRange concerned = claim.concerned();
        if (all || concerned.equals(spec.nodeIds())) {
            knowledge.took(AnswerCheck.checked(coordinator.read(spec.name())));
        } else {
            knowledge.tookPart(AnswerCheck.checked(coordinator.read(spec.name(), concerned)), claim.choosing());
        }
    }

    private void write(Replacement step) {
        Optional<NamespaceRecord> before = knowledge.view().namespace().map(Stored::record);
        Trace trace = knowledge.view().trace();
        Replaced replaced = AnswerCheck.checked(coordinator.replace(spec.name(), step), step);
        knowledge.took(step, replaced);
        if (replaced.applied()) {
            NamespaceRecord now = knowledge.namespace().record();
            news.namespaceWritten(claim.node(), before, trace, now, agreement.time(now), Duration.ZERO);
        }
    }

    // ---- a node id of the process's own ----

    private Optional<Obstacle> lost() {
        if (!claim.lost(knowledge.view())) {
            return Optional.empty();
        }
        if (claim instanceof OwnNode own && own.node().isPresent()) {
            news.lost(own.node().getAsInt(), knowledge.view());
            own.drop();
        }
        knowledge.forget();
        return Optional.of(new Obstacle(
                Obstacle.Kind.STARTING,
                "another node id of namespace '%s' is to be taken".formatted(spec.name()),
                Duration.ZERO));
    }

    /** Acquires a node id, or moves the mark of the one that is held. */
    private Outcome claimed(OwnNode own) {
        noneFree = Optional.empty();
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<Obstacle> obstacle = settled();
            if (obstacle.isPresent()) {
                return Outcome.of(obstacle.get());
            }
            if (own.choosing() ? !knowledge.complete() : lost().isPresent()) {
                knowledge.forget();
                continue;
            }
            Optional<NodeChoice> choice = own.choosing() ? chosen(own) : Optional.of(held(own));
            if (choice.isEmpty()) {
                return noneFree(own);
            }
            if (claimed(own, choice.get())) {
                return Outcome.DONE;
            }
        }
        return Outcome.of(busy());
    }

    private Optional<NodeChoice> chosen(OwnNode own) {
        return own.choose(
                knowledge.view(),
                clock,
                Math.max(agreement.earliestStart(knowledge.namespace().record(), clock), own.lowestStart()),
                agreement.cap(clock));
    }

    private NodeChoice held(OwnNode own) {
        int node = own.node().orElseThrow();
        return new NodeChoice(node, knowledge.view().node(node), 0);
    }

    private boolean claimed(OwnNode own, NodeChoice choice) {
        long mark = choice.expected().map(stored -> stored.record().end()).orElse(0L);
        NodeRecord next = own.claim(choice.node(), Math.max(mark, scale().positionAt(clock.millis())));
        Replacement step =
                Replacement.ofNode(knowledge.view().identity(), knowledge.namespace(), choice.expected(), next);
        Replaced replaced = AnswerCheck.checked(coordinator.replace(spec.name(), step), step);
        knowledge.took(step, replaced);
        if (!replaced.applied()) {
            own.refused();
            return false;
        }
        if (own.choosing()) {
            own.took(choice.node());
            news.acquired(choice.node());
        }
        knowledge.keepOnly(choice.node());
        return true;
    }

    private Outcome noneFree(OwnNode own) {
        Obstacle obstacle = own.noneFree(knowledge.view());
        knowledge.forget();
        noneFree = Optional.of(obstacle);
        noneFreeUntilNanos = time.monotonicNanos() + obstacle.retryAfter().toNanos();
        return Outcome.of(obstacle);
    }

    private void releaseOnce(OwnNode own) {
        for (int i = 0; i < ATTEMPTS; i++) {
            if (!knowledge.known()) {
                look(false);
            }
            if (knowledge.view().namespace().isEmpty() || own.lost(knowledge.view())) {
                news.closed("nothing was held");
                return;
            }
            Optional<Stored<NodeRecord>> held = held(own).expected();
            NodeRecord next = own.release(held.orElseThrow().record());
            Replacement step = Replacement.ofNode(knowledge.view().identity(), knowledge.namespace(), held, next);
            long asked = time.monotonicNanos();
            Replaced replaced = AnswerCheck.checked(coordinator.replace(spec.name(), step), step);
            knowledge.took(step, replaced);
            if (replaced.applied()) {
                news.released(next.node(), Duration.ofNanos(time.monotonicNanos() - asked));
                news.closed("released");
                return;
            }
        }
    }

    // ---- batches ----

    /** Tries once; returns empty if another process was faster, or if the namespace has changed. */
    private Optional<Outcome> tryReserve(int count, Writer writer) {
        int node = claim.node().orElseThrow(() -> new IllegalStateException("no node id is held"));
        Optional<Stored<NodeRecord>> expected = knowledge.view().node(node);
        long start = start(expected.map(stored -> stored.record().end()).orElse(0L));
        long end = start + count;
        if (end > scale().endPosition()) {
            return Optional.of(
                    Outcome.of(agreement.endOfTime(knowledge.namespace().record(), clock)));
        }
        if (end > agreement.cap(clock)) {
            Obstacle ahead = ahead(start, end);
            knowledge.forget(); // otherwise a clock that was wrong when it was read would be believed forever
            return Optional.of(Outcome.of(ahead));
        }
        NodeRecord next = claim.record(expected, start, end);
        Replacement step = Replacement.ofNode(knowledge.view().identity(), knowledge.namespace(), expected, next);
        Recorded recorded = writer.write(step, next);
        Replaced replaced = AnswerCheck.checked(recorded.replaced(), step);
        knowledge.took(step, replaced);
        if (!replaced.applied()) {
            return Optional.empty();
        }
        claim.reserved(end);
        if (knowledge.view().nodes().size() > 1) {
            knowledge.keepOnly(node);
        }
        // By the store's clock at that very step the batch may reach too far ahead; its positions are then lost (P4).
        boolean usable = agreement.usableEnd(end, knowledge.view()) == end;
        return Optional.of(usable ? new Outcome(recorded.refused(), Optional.empty()) : Outcome.of(ahead(start, end)));
    }

    private long start(long mark) {
        NamespaceRecord record = knowledge.namespace().record();
        long present = scale().positionAt(agreement.time(record).at(clock.millis()));
        long lowest = Math.max(Math.max(mark, agreement.lowestStart(record)), claim.lowestStart());
        if (lowest >= present) {
            return lowest;
        }
        boolean carries = agreement.cap(clock) > scale().nextTick(present); // otherwise those before it would be lost
        return carries ? scale().scattered(present) : present;
    }

    private Obstacle ahead(long start, long end) {
        long present = Math.min(clock.millis(), clock.storeMillis());
        long wait = Math.max(1, scale().millisAt(end) - agreement.ahead().toMillis() - present + 1);
        String detail =
                "the next IDs of namespace '%s' would be stamped %s ahead of now, which is more than ahead %s; they can be in %s"
                        .formatted(
                                spec.name(),
                                Duration.ofMillis(scale().millisAt(start) - present),
                                agreement.ahead(),
                                Duration.ofMillis(wait));
        return new Obstacle(Obstacle.Kind.WINDOW_AHEAD, detail, Duration.ofMillis(wait));
    }

    private Obstacle busy() {
        String detail = "node ids of namespace '%s' were taken by other processes %s times in a row"
                .formatted(spec.name(), ATTEMPTS);
        return new Obstacle(Obstacle.Kind.WINDOW_AHEAD, detail, Duration.ofMillis(10));
    }

    private TickScale scale() {
        return spec.scale();
    }
}
