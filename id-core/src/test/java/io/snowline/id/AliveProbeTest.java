package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.ReservationSettings;
import io.snowline.lease.LeaseKeeper;
import io.snowline.time.ManualTimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** P12: whatever is thrown while recorded mode looks at its coordinator, it goes on looking, and the status follows. */
class AliveProbeTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final ReservationSettings SETTINGS = ReservationSettings.DEFAULT;
    private static final Duration TWO_LOOKS = SETTINGS.renewEvery().multipliedBy(2);

    private final ManualTimeSource time = new ManualTimeSource(NOW.toEpochMilli());
    private final ManualLoop loop = new ManualLoop(time);
    private final Map<Place, Trap> traps = Map.of(
            Place.COORDINATOR, new Trap(time),
            Place.LISTENER, new Trap(time),
            Place.LOG_HANDLER, new Trap(time),
            Place.CLOCK, new Trap(time));
    private final MemoryStore memory = new MemoryStore(time::wallMillis);
    private final TrappedStore store = new TrappedStore(memory, traps.get(Place.COORDINATOR), time);
    private final List<LeaseEvent.Kind> events = new ArrayList<>();
    private AutoCloseable log;

    private enum Place {
        COORDINATOR,
        LISTENER,
        LOG_HANDLER,
        CLOCK
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

    private RecordedIdGenerator started() {
        RecordedIdGenerator ids = RecordedIdGenerator.builder(store, "orders")
                .reservation(SETTINGS)
                .node(7)
                .timeSource(traps.get(Place.CLOCK).in(time))
                .random(new SplittableRandom(42))
                .listener(event -> {
                    events.add(event.kind());
                    traps.get(Place.LISTENER).touched();
                })
                .loops(name -> loop)
                .threads(Runnable::run)
                .start();
        loop.pass(SETTINGS.ahead().plus(SETTINGS.guard()).plusSeconds(1));
        return ids;
    }

    static Stream<Arguments> everyPlaceAndKind() {
        return Stream.of(Place.values())
                .flatMap(place -> Stream.of(Trap.Kind.values()).map(kind -> Arguments.of(place, kind)));
    }

    @ParameterizedTest
    @MethodSource("everyPlaceAndKind")
    void p12_looksGoOnWhereverOneThrew(Place place, Trap.Kind kind) {
        RecordedIdGenerator ids = started();
        for (int quiet = 0; quiet < 6; quiet++) {
            for (int times = 1; times < 4; times++) {
                Trap trap = traps.get(place);
                trap.arm(kind, quiet, times);
                for (int i = 0; i < 1_000 && !trap.sprung(); i++) {
                    loop.pass(Duration.ofMillis(50));
                }
                assertThat(trap.sprung()).as("%s throws", place).isTrue();
                int reads = store.reads();
                loop.pass(TWO_LOOKS);
                assertThat(store.reads())
                        .as("looks in two periods after what %s threw", place)
                        .isGreaterThan(reads);
                assertThat(ids.status().problem()).isEmpty();
                reads = store.reads();
                loop.pass(Duration.ofSeconds(30));
                assertThat(store.reads() - reads).as("looks in 30 s").isBetween(8, 12);
            }
        }
        assertThat(ids.nextId()).isPositive();
    }

    /** Once, an old failure was shown forever: health stayed red while IDs were issued. */
    @ParameterizedTest
    @EnumSource(Trap.Kind.class)
    void whatWasWrongBeforeIsNotSaidForever(Trap.Kind kind) {
        RecordedIdGenerator ids = started();
        memory.up(false);
        loop.pass(Duration.ofSeconds(5));
        assertThat(ids.status().problem().orElseThrow()).contains("the store is down");
        traps.get(Place.COORDINATOR).arm(kind, 0, 1);
        loop.pass(Duration.ofSeconds(2));
        memory.up(true);
        loop.pass(TWO_LOOKS);
        assertThat(ids.status().problem()).isEmpty();
        assertThat(events.get(events.size() - 1)).isIn(LeaseEvent.Kind.RECOVERED, LeaseEvent.Kind.RENEWED);
    }

    @ParameterizedTest
    @EnumSource(Trap.Kind.class)
    void statusSaysThatALookFailed(Trap.Kind kind) {
        RecordedIdGenerator ids = started();
        traps.get(Place.COORDINATOR).arm(kind, 0, 1);
        loop.pass(TWO_LOOKS);
        assertThat(ids.status().failure().orElseThrow().text())
                .isEqualTo(kind.make().toString());
        assertThat(ids.status().failure().orElseThrow().count()).isEqualTo(1);
        assertThat(events).containsSubsequence(LeaseEvent.Kind.FAILED, LeaseEvent.Kind.RECOVERED);
    }
}
