package io.snowline.coordination;

import io.snowline.time.ReferenceClock;
import io.snowline.time.TickScale;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Reserves positions of one node id a batch at a time, for recorded mode: rule P1 with a window of exactly one batch. Any
 * number of processes may reserve on the same node id; the compare-and-set of its record gives each position to one of
 * them, whether or not they also hold a lock.
 *
 * <p>Not safe for use by many threads.
 */
public final class BatchReserver {

    private static final int ATTEMPTS = 16;

    private final NamespaceSpec spec;
    private final String label;
    private final NodeCoordinator coordinator;
    private final TimeSource time;
    private final Tokens tokens;
    private final ReferenceClock clock;
    private final StoreKnowledge knowledge;
    private final NamespaceAgreement agreement;
    private final LeaseNews news;

    /**
     * Makes a reserver that has asked nothing yet.
     *
     * @param label this process' name for humans, left on the node id's record
     * @param listener hears of failures, recoveries and floors
     */
    public BatchReserver(
            NamespaceSpec spec,
            ReservationSettings settings,
            String label,
            NodeCoordinator coordinator,
            TimeSource time,
            RandomGenerator random,
            LeaseListener listener) {
        this.spec = spec;
        this.label = label;
        this.coordinator = coordinator;
        this.time = time;
        this.tokens = new Tokens(random);
        this.clock = new ReferenceClock(time);
        this.knowledge = new StoreKnowledge(clock, settings, micros -> {});
        this.agreement = new NamespaceAgreement(spec, settings, tokens);
        this.news = new LeaseNews(spec, label, new LeaseLog(listener));
    }

    /**
     * What came of an attempt to reserve.
     *
     * @param first the first position of the batch; meaningless when there is an obstacle
     * @param obstacle why nothing was reserved; empty when it was
     */
    public record Outcome(long first, Optional<Obstacle> obstacle) {
        static Outcome of(Obstacle obstacle) {
            return new Outcome(-1, Optional.of(obstacle));
        }
    }

    /** Returns how the conversation with the coordinator stands. */
    public LeaseStatus status() {
        return news.status();
    }

    /** Asks the coordinator, and makes sure that the namespace is fixed as configured; returns what is in the way. */
    public Optional<Obstacle> prepare() {
        return attempt(() -> {
                    knowledge.forget(); // else the coordinator would not be asked at all
                    return new Outcome(-1, settled());
                })
                .obstacle();
    }

    /** Applies the step that reserves a batch. */
    public interface Writer {

        /**
         * Applies the step.
         *
         * @param first the first position of the batch
         */
        Replaced write(long first, Replacement step);
    }

    /**
     * Reserves positions in a row.
     *
     * @param node the node id
     * @param count how many, at least 1
     * @param writer applies the step, several times where others are faster
     */
    public Outcome reserve(int node, int count, Writer writer) {
        return attempt(() -> {
            for (int i = 0; i < ATTEMPTS; i++) {
                Optional<Obstacle> obstacle = settled();
                if (obstacle.isPresent()) {
                    return Outcome.of(obstacle.get());
                }
                Optional<Outcome> outcome = tryReserve(node, count, writer);
                if (outcome.isPresent()) {
                    return outcome.get();
                }
            }
            return Outcome.of(busy(node));
        });
    }

    /**
     * Tells the world that something unexpected was thrown, by this reserver or by the task that uses it (P12).
     *
     * @return what is in the way, until the coordinator has answered again
     */
    public Obstacle failed(Throwable thrown) {
        knowledge.forget();
        return news.failed(OptionalInt.empty(), thrown, time);
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
                    .filter(obstacle ->
                            obstacle.kind() != Obstacle.Kind.WINDOW_AHEAD) // the caller's news, not the lease's
                    .ifPresentOrElse(
                            obstacle -> news.obstructed(OptionalInt.empty(), obstacle, knowledge.incarnation(), null),
                            () -> news.answered(knowledge.incarnation(), took));
            return outcome;
        } catch (NamespaceMismatchException | UnreadableRecordException e) {
            knowledge.forget();
            Obstacle obstacle = Obstacle.of(e);
            news.obstructed(OptionalInt.empty(), obstacle, knowledge.incarnation(), e);
            return Outcome.of(obstacle);
        } catch (CoordinatorUnavailableException e) {
            knowledge.forget(); // what was asked for is burnt, if it was reserved
            news.atRisk(OptionalInt.empty(), Duration.ZERO, e, Duration.ofNanos(time.monotonicNanos() - asked));
            return Outcome.of(Obstacle.of(e));
        } catch (RuntimeException | Error e) {
            knowledge.forget();
            throw e;
        }
    }

    /** Reads and writes until the namespace record stands; returns what is in the way, if anything. */
    private Optional<Obstacle> settled() {
        for (int i = 0; i < ATTEMPTS; i++) {
            if (!knowledge.known()) {
                knowledge.took(AnswerCheck.checked(coordinator.read(spec.name())));
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
            }
        }
        return Optional.of(new Obstacle(
                Obstacle.Kind.COORDINATOR_UNAVAILABLE,
                "the record of namespace '%s' changes faster than it can be agreed on".formatted(spec.name()),
                Obstacle.SOON));
    }

    private void write(Replacement step) {
        Optional<NamespaceRecord> before = knowledge.view().namespace().map(Stored::record);
        Trace trace = knowledge.view().trace();
        Replaced replaced = AnswerCheck.checked(coordinator.replace(spec.name(), step), step);
        knowledge.took(step, replaced);
        if (replaced.applied()) {
            NamespaceRecord now = knowledge.namespace().record();
            news.namespaceWritten(OptionalInt.empty(), before, trace, now, agreement.time(now), Duration.ZERO);
        }
    }

    /** Tries once; empty if another process was faster, or the namespace has changed. */
    private Optional<Outcome> tryReserve(int node, int count, Writer writer) {
        Optional<Stored<NodeRecord>> expected = knowledge.view().node(node);
        long start = start(expected.map(stored -> stored.record().end()).orElse(0L));
        long end = start + count;
        if (end > scale().endPosition()) {
            return Optional.of(
                    Outcome.of(agreement.endOfTime(knowledge.namespace().record(), clock)));
        }
        if (end > agreement.cap(clock)) {
            Obstacle ahead = ahead(start, end);
            knowledge.forget(); // else a clock that was wrong when it was read would be believed for ever
            return Optional.of(Outcome.of(ahead));
        }
        NodeRecord next = new NodeRecord(node, tokens.next(), "", label, start, end);
        Replacement step = Replacement.ofNode(knowledge.view().identity(), knowledge.namespace(), expected, next);
        Replaced replaced = AnswerCheck.checked(writer.write(start, step), step);
        knowledge.took(step, replaced);
        if (!replaced.applied()) {
            return Optional.empty();
        }
        // By the store's clock at that very step the batch may reach too far ahead: then it is burnt (P4).
        boolean usable = agreement.usableEnd(end, knowledge.view()) == end;
        return Optional.of(usable ? new Outcome(start, Optional.empty()) : Outcome.of(ahead(start, end)));
    }

    private long start(long mark) {
        NamespaceRecord record = knowledge.namespace().record();
        long present = scale().positionAt(agreement.time(record).at(clock.millis()));
        long lowest = Math.max(mark, record.floor());
        if (lowest >= present) {
            return lowest;
        }
        boolean carries = agreement.cap(clock) > scale().nextTick(present); // else what lies before it would be lost
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

    private Obstacle busy(int node) {
        String detail = "node id %d of namespace '%s' was taken by other processes %d times in a row"
                .formatted(node, spec.name(), ATTEMPTS);
        return new Obstacle(Obstacle.Kind.WINDOW_AHEAD, detail, Duration.ofMillis(10));
    }

    private TickScale scale() {
        return spec.scale();
    }
}
