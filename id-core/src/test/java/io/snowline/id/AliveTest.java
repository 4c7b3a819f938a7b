package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.LeaseFailure;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.lease.LeaseKeeper;
import io.snowline.time.ManualTimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * P12: whatever is thrown while windows are renewed, renewal goes on. Its schedule follows clocks that the test moves.
 */
class AliveTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final ReservationSettings SETTINGS = ReservationSettings.DEFAULT;
    private static final Duration TWO_RENEWALS = SETTINGS.renewEvery().multipliedBy(2);

    /** As many readings of the clock as two renewals take. */
    private static final int READINGS = 40;

    private final ManualTimeSource time = new ManualTimeSource(NOW.toEpochMilli());
    private final ManualLoop loop = new ManualLoop(time);
    private final Map<Place, Trap> traps = Map.of(
            Place.COORDINATOR, new Trap(time),
            Place.LISTENER, new Trap(time),
            Place.LOG_HANDLER, new Trap(time),
            Place.CLOCK, new Trap(time),
            Place.RANDOM, new Trap(time));
    private final TrappedStore store =
            new TrappedStore(new MemoryStore(time::wallMillis), traps.get(Place.COORDINATOR), time);
    private final List<LeaseEvent> events = new ArrayList<>();
    private AutoCloseable log;

    /** Where something is thrown. */
    private enum Place {
        COORDINATOR,
        LISTENER,
        LOG_HANDLER,
        CLOCK,
        RANDOM
    }

    @BeforeEach
    void goOnAfterWhatIsThrownOnPurpose() {
        loop.survive(thrown -> traps.values().stream().anyMatch(trap -> trap.threw(thrown)));
        log = traps.get(Place.LOG_HANDLER).inLogOf(LeaseKeeper.class);
    }

    @AfterEach
    void closeTheLog() throws Exception {
        log.close();
    }

    /** Starts a generator, and lets the floor of a new namespace pass. */
    private SnowflakeGenerator started(int lanes) {
        Trap random = traps.get(Place.RANDOM);
        SplittableRandom numbers = new SplittableRandom(7);
        RandomGenerator trapped = () -> {
            random.touched();
            return numbers.nextLong();
        };
        SnowflakeGenerator ids = SnowflakeGenerator.builder(store, "orders")
                .reservation(SETTINGS)
                .lanes(lanes)
                .maxWait(Duration.ZERO)
                .timeSource(traps.get(Place.CLOCK).in(time))
                .random(trapped)
                .listener(event -> {
                    events.add(event);
                    traps.get(Place.LISTENER).touched();
                })
                .loops(name -> loop)
                .start();
        loop.pass(SETTINGS.ahead().plus(SETTINGS.guard()).plusSeconds(60));
        return ids;
    }

    static Stream<Arguments> everyPlaceAndKind() {
        Map<Place, Integer> touches = Map.of(
                Place.COORDINATOR, 6, Place.LISTENER, 3, Place.LOG_HANDLER, 3, Place.CLOCK, READINGS, Place.RANDOM, 6);
        return Stream.of(Place.values()).flatMap(place -> Stream.of(Trap.Kind.values())
                .map(kind -> Arguments.of(place, kind, touches.get(place))));
    }

    @ParameterizedTest
    @MethodSource("everyPlaceAndKind")
    void p12_renewalIsBackWithinTwoPeriodsWhereverItThrew(Place place, Trap.Kind kind, int touches) {
        SnowflakeGenerator ids = started(1);
        for (int quiet = 0; quiet < touches; quiet++) {
            springAndRecover(ids, place, kind, quiet, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("everyPlaceAndKind")
    void p12_renewalIsBackWithinTwoPeriodsAfterItThrewAgainAndAgain(Place place, Trap.Kind kind, int touches) {
        SnowflakeGenerator ids = started(1);
        for (int times : new int[] {2, 3, 8}) {
            springAndRecover(ids, place, kind, touches / 2, times);
        }
    }

    private void springAndRecover(SnowflakeGenerator ids, Place place, Trap.Kind kind, int quiet, int times) {
        Trap trap = traps.get(place);
        trap.arm(kind, quiet, times);
        for (int i = 0; i < 1_000 && !trap.sprung(); i++) {
            loop.pass(Duration.ofMillis(50));
        }
        assertThat(trap.sprung()).as("%s throws", place).isTrue();
        loop.pass(TWO_RENEWALS.minusNanos(time.monotonicNanos() - trap.sprungAtNanos()));
        assertThat(Duration.ofNanos(store.appliedAtNanos() - trap.sprungAtNanos()))
                .as("from what %s threw, after %d quiet touches, to a renewal", place, quiet)
                .isBetween(Duration.ZERO, TWO_RENEWALS);
        LaneStatus lane = ids.status().get(0);
        assertThat(lane.problem()).isEmpty();
        assertThat(lane.atRisk()).isFalse();
        assertThat(ids.nextId()).isPositive();
        int before = store.applied();
        loop.pass(Duration.ofSeconds(15));
        assertThat(store.applied() - before).as("renewals in 15 s").isBetween(4, 7);
    }

    @ParameterizedTest
    @EnumSource(Trap.Kind.class)
    void whatTheListenerAndTheLogThrowChangesNothing(Trap.Kind kind) {
        SnowflakeGenerator ids = started(1);
        List<LeaseEvent> before = List.copyOf(events);
        traps.get(Place.LISTENER).arm(kind, 0, 1_000);
        traps.get(Place.LOG_HANDLER).arm(kind, 0, 1_000);
        int applied = store.applied();
        loop.pass(Duration.ofSeconds(60));
        assertThat(store.applied() - applied).as("renewals in 60 s").isBetween(16, 26);
        assertThat(events.subList(before.size(), events.size()))
                .extracting(LeaseEvent::kind)
                .containsOnly(LeaseEvent.Kind.RENEWED);
        assertThat(ids.status().get(0).failure()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Trap.Kind.class)
    void statusSaysThatTheKeeperFailedWhileItDoesAndWhenItDidLastAfterwards(Trap.Kind kind) {
        SnowflakeGenerator ids = started(1);
        traps.get(Place.CLOCK).arm(kind, 0, Integer.MAX_VALUE);
        loop.pass(Duration.ofSeconds(10));
        traps.get(Place.CLOCK).disarm();
        LaneStatus failing = ids.status().get(0);
        String text = kind.make().toString();
        assertThat(failing.problem()).contains("the lease keeper failed, and begins again: " + text);
        assertThat(failing.atRisk()).isTrue();
        assertThat(events).extracting(LeaseEvent::kind).contains(LeaseEvent.Kind.FAILED);

        loop.pass(TWO_RENEWALS);
        LaneStatus well = ids.status().get(0);
        assertThat(well.problem()).isEmpty();
        assertThat(well.atRisk()).isFalse();
        LeaseFailure failure = well.failure().orElseThrow();
        assertThat(failure.text()).isEqualTo(text);
        assertThat(failure.count()).isBetween(8L, 40L);
        assertThat(events)
                .extracting(LeaseEvent::kind)
                .containsSubsequence(LeaseEvent.Kind.FAILED, LeaseEvent.Kind.RECOVERED, LeaseEvent.Kind.RENEWED);
    }

    @Test
    void theFailureIsDatedByTheWallClock() {
        SnowflakeGenerator ids = started(1);
        traps.get(Place.RANDOM).arm(Trap.Kind.ERROR, 0, 1);
        loop.pass(Duration.ofSeconds(4));
        assertThat(ids.status().get(0).failure().orElseThrow().at())
                .isBetween(
                        Instant.ofEpochMilli(time.wallMillis()).minusSeconds(4),
                        Instant.ofEpochMilli(time.wallMillis()));
    }

    @SuppressWarnings("NullOptional") // such answers come from a faulty coordinator
    static Stream<Arguments> spoiltViews() {
        return Stream.of(
                view("no view", view -> null),
                view(
                        "a record under another node id",
                        view -> new StoreView(view.namespace(), misplaced(view), view.identity(), view.time())),
                view(
                        "no time, not even an empty one",
                        view -> new StoreView(view.namespace(), view.nodes(), view.identity(), null)),
                view(
                        "no namespace, not even an empty one",
                        view -> new StoreView(null, view.nodes(), view.identity(), view.time())));
    }

    private static Arguments view(String name, UnaryOperator<StoreView> spoilt) {
        return Arguments.of(Named.of(name, spoilt));
    }

    private static Map<Integer, Stored<NodeRecord>> misplaced(StoreView view) {
        Stored<NodeRecord> any = view.nodes().values().iterator().next();
        return Map.of(any.record().node() + 1, any);
    }

    @ParameterizedTest
    @MethodSource("spoiltViews")
    void aViewThatCannotBeIsAnUnknownOutcome(UnaryOperator<StoreView> spoilt) {
        SnowflakeGenerator ids = started(1);
        traps.get(Place.COORDINATOR).arm(Trap.Kind.EXCEPTION, 0, 1); // so that it is read again
        store.spoilNextView(spoilt);
        recoversFromUnknownOutcome(ids);
    }

    static Stream<Arguments> spoiltAnswers() {
        return Stream.of(
                answer("no answer", answer -> null),
                answer("no view", answer -> new Replaced(answer.applied(), null)),
                answer("applied, and the node record is missing", answer -> {
                    StoreView view = answer.view();
                    return new Replaced(true, new StoreView(view.namespace(), Map.of(), view.identity(), view.time()));
                }),
                answer("applied, and the namespace record is missing", answer -> {
                    StoreView view = answer.view();
                    return new Replaced(
                            true, new StoreView(Optional.empty(), view.nodes(), view.identity(), view.time()));
                }));
    }

    private static Arguments answer(String name, UnaryOperator<Replaced> spoilt) {
        return Arguments.of(Named.of(name, spoilt));
    }

    @ParameterizedTest
    @MethodSource("spoiltAnswers")
    void anAnswerThatCannotBeIsAnUnknownOutcome(UnaryOperator<Replaced> spoilt) {
        SnowflakeGenerator ids = started(1);
        store.spoilNextAnswer(spoilt);
        recoversFromUnknownOutcome(ids);
    }

    private void recoversFromUnknownOutcome(SnowflakeGenerator ids) {
        int before = events.size();
        loop.pass(TWO_RENEWALS);
        List<LeaseEvent> since = events.subList(before, events.size());
        assertThat(since)
                .extracting(LeaseEvent::kind)
                .containsSubsequence(LeaseEvent.Kind.AT_RISK, LeaseEvent.Kind.RECOVERED);
        assertThat(since).anySatisfy(event -> assertThat(event.detail())
                .contains("did not answer (the coordinator's answer cannot be believed: "));
        assertThat(ids.status().get(0).failure())
                .as("it is the coordinator that fails, not the keeper")
                .isEmpty();
        assertThat(ids.nextId()).isPositive();
    }

    @Test
    void ofTwoLanesOneBeginsAgainAndTheOtherIsLeftAlone() {
        SnowflakeGenerator ids = started(2);
        traps.get(Place.CLOCK).arm(Trap.Kind.ERROR, 0, 1);
        int before = store.applied();
        loop.pass(Duration.ofSeconds(30));
        assertThat(ids.status()).filteredOn(lane -> lane.failure().isPresent()).hasSize(1);
        assertThat(store.applied() - before).as("renewals of both in 30 s").isBetween(16, 26);
    }

    @ParameterizedTest
    @EnumSource(Trap.Kind.class)
    void aKeeperThatFailsWhileItClosesIsOverOnceAndTheOtherGivesBack(Trap.Kind kind) {
        for (int quiet = 0; quiet < 4; quiet++) {
            SnowflakeGenerator ids = started(2);
            AtomicInteger done = new AtomicInteger();
            traps.get(Place.CLOCK).arm(kind, quiet, 1);
            ids.beginClose(done::incrementAndGet);
            loop.pass(Duration.ofSeconds(10));
            traps.get(Place.CLOCK).disarm();
            assertThat(done).hasValue(2);
            assertThat(ids.status())
                    .allSatisfy(lane -> assertThat(lane.problem().orElseThrow()).startsWith("closed: "));
            int applied = store.applied();
            loop.pass(Duration.ofMinutes(1));
            assertThat(store.applied()).as("nothing is written after the end").isEqualTo(applied);
        }
    }
}
