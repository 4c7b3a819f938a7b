package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.NamespaceExistsException;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.ReservationSettings;
import io.snowline.time.ManualTimeSource;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The first second of a new namespace, and of one that was lost. */
class NewOrLostTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final ReservationSettings SETTINGS = ReservationSettings.DEFAULT;

    private final ManualTimeSource time = new ManualTimeSource(NOW.toEpochMilli());
    private final ManualLoop loop = new ManualLoop(time);
    private final MemoryStore store = new MemoryStore(time::wallMillis);
    private final List<LeaseEvent> events = new ArrayList<>();
    private final IdLayout layout = new IdLayout(41, 10, 4, Duration.ofMillis(1), IdLayout.DEFAULT_EPOCH);

    private SnowflakeGenerator.Builder builder(String label) {
        return SnowflakeGenerator.builder(store, "orders")
                .layout(layout)
                .reservation(SETTINGS)
                .label(label)
                .timeSource(new PassingTime())
                .random(new SplittableRandom(label.hashCode()))
                .listener(events::add)
                .loops(name -> loop);
    }

    /** Lets the loop run while a caller waits. */
    private final class PassingTime implements TimeSource {
        @Override
        public long wallMillis() {
            return time.wallMillis();
        }

        @Override
        public long monotonicNanos() {
            return time.monotonicNanos();
        }

        @Override
        public void parkNanos(long nanos) {
            loop.pass(Duration.ofNanos(nanos));
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(time.wallMillis());
    }

    private Instant timeOf(long id) {
        return layout.decode(id).timestamp();
    }

    @Test
    void p8_theFirstIdOfANewNamespaceCarriesThePresent() {
        store.keepTraces();
        SnowflakeGenerator ids = builder("one").start();
        assertThat(timeOf(ids.nextId())).isEqualTo(now());
        assertThat(events.get(0).kind()).isEqualTo(LeaseEvent.Kind.CREATED);
        assertThat(ids.status().get(0).remaining()).isGreaterThan(Duration.ofSeconds(29));
    }

    @Test
    void p8_aNamespaceThatWasDeletedCountsAsLost() {
        store.keepTraces();
        SnowflakeGenerator one = builder("one").start();
        Instant first = timeOf(one.nextId());
        store.delete("orders");
        SnowflakeGenerator two = builder("two").start();
        loop.pass(Duration.ofSeconds(2));
        assertThat(timeOf(two.nextId())).isAfter(first.plus(SETTINGS.ahead()));
        assertThat(events).extracting(LeaseEvent::kind).contains(LeaseEvent.Kind.FLOOR_RAISED);
    }

    @Test
    void p8_withoutATraceAnAbsentNamespaceCountsAsLostUnlessItWasMadeBefore() {
        builder("operator").create();
        SnowflakeGenerator ids = builder("one").start();
        assertThat(timeOf(ids.nextId())).isEqualTo(now());
        assertThat(events).extracting(LeaseEvent::kind).doesNotContain(LeaseEvent.Kind.FLOOR_RAISED);
    }

    @Test
    void whatIsThereIsNotMadeAgain() {
        builder("operator").create();
        assertThatThrownBy(() -> builder("operator").create())
                .isInstanceOf(NamespaceExistsException.class)
                .hasMessageContaining("'orders'");
    }

    @Test
    void aNamespaceThatWasDeletedOnPurposeCanBeMadeAnew() {
        store.keepTraces();
        builder("operator").create();
        store.delete("orders");
        builder("operator").create();
        SnowflakeGenerator ids = builder("one").start();
        assertThat(timeOf(ids.nextId())).isEqualTo(now());
    }

    @Test
    void p8_aCreatorWhoWasPausedWhileTheNamespaceWasMadeAndDeletedIsRefused() {
        store.keepTraces();
        store.beforeNextWrite(() -> {
            builder("other").create();
            store.delete("orders");
            loop.pass(Duration.ofSeconds(12));
        });
        SnowflakeGenerator paused = builder("paused").start();
        Instant started = now();
        loop.pass(Duration.ofSeconds(2)); // and the 12 s of the pause
        loop.pass(Duration.ofSeconds(2));
        assertThat(timeOf(paused.nextId())).isAfter(started.plusSeconds(12).plus(SETTINGS.ahead()));
    }

    @Test
    void p5_aBurstOverAShortWindowIsWaitedForAndNotRefused() {
        SnowflakeGenerator ids = builder("one").start();
        loop.pass(SETTINGS.guard().plusMillis(600));
        assertThat(ids.status().get(0).remaining()).isBetween(Duration.ofMillis(1), Duration.ofMillis(400));
        long[] burst = new long[16 * 1_000];
        assertThatCode(() -> {
                    for (int i = 0; i < 5; i++) {
                        ids.nextIds(burst);
                    }
                })
                .doesNotThrowAnyException();
    }

    @Test
    void p2_aProcessThatIsKilledAndStartedAgainDoesNotGoBackWhileAFloorLiesAhead() {
        SnowflakeGenerator ids = builder("one").nodeIds(new NodeIdRange(0, 0)).start();
        loop.pass(SETTINGS.guard().plusMillis(600));
        for (int i = 1; i <= 20; i++) {
            long newest = drained(ids);
            loop.pass(Duration.ofSeconds(1)); // as long as maxLead
            ids = builder("again-" + i).nodeIds(new NodeIdRange(i, i)).start();
            loop.pass(Duration.ofMillis(10));
            assertThat(ids.nextId()).as("the first ID after restart %d", i).isGreaterThan(newest);
        }
    }

    private static long drained(SnowflakeGenerator ids) {
        long[] some = new long[10_000];
        long newest = -1;
        for (int taken = ids.tryNextIds(some, 0, some.length);
                taken > 0;
                taken = ids.tryNextIds(some, 0, some.length)) {
            newest = some[taken - 1];
        }
        return newest;
    }

    @Test
    void p2_processesAgreeOnTheTimeWhileAFloorLiesAhead() {
        SnowflakeGenerator one = builder("one").start();
        loop.pass(Duration.ofSeconds(20));
        SnowflakeGenerator two = builder("two").start();
        loop.pass(Duration.ofMillis(10));
        assertThat(Duration.between(timeOf(one.nextId()), timeOf(two.nextId())).abs())
                .isLessThan(Duration.ofMillis(50));
        loop.pass(Duration.ofSeconds(45));
        assertThat(timeOf(one.nextId())).isEqualTo(now());
        assertThat(timeOf(two.nextId())).isEqualTo(now());
    }

    @Test
    void peopleAreToldHowLongItGoesOnAndNotWhenTheWindowEndsInIdTime() {
        SnowflakeGenerator ids = builder("one").start();
        loop.pass(SETTINGS.guard().plusSeconds(4));
        Duration remaining = ids.status().get(0).remaining();
        store.up(false);
        loop.pass(Duration.ofSeconds(4));
        String told = events.stream()
                .filter(event -> event.kind() == LeaseEvent.Kind.AT_RISK)
                .findFirst()
                .orElseThrow()
                .detail();
        assertThat(remaining).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
        assertThat(told)
                .containsPattern("for at least [0-3]\\.[0-9] s more")
                .doesNotContain(now().toString().substring(0, 10));
    }

    @Test
    void p10_aStoredFloorAtTheLayoutsEndIsToldAsThat() {
        Instant late = layout.scale().end().plusSeconds(1);
        Duration wrongBy = Duration.between(now(), late.minusSeconds(10));
        time.stepWall(wrongBy);
        var unused = builder("wrong").start();
        loop.pass(Duration.ofSeconds(1));
        time.stepWall(wrongBy.negated());
        SnowflakeGenerator ids = builder("right").start();
        loop.pass(Duration.ofSeconds(1));
        assertThatThrownBy(ids::nextId).hasMessageContaining("floor").hasMessageContaining("far ahead");
    }

    @Test
    void p10_aClockPastTheLayoutsEndStoresNoFloor() {
        store.keepTraces();
        Duration wrongBy = Duration.between(now(), layout.scale().end().plusSeconds(1));
        time.stepWall(wrongBy);
        SnowflakeGenerator wrong = builder("wrong").start();
        loop.pass(Duration.ofSeconds(1));
        assertThatThrownBy(wrong::nextId).hasMessageContaining("ends at");
        assertThat(store.read("orders").namespace()).isEmpty();
        time.stepWall(wrongBy.negated());
        SnowflakeGenerator ids = builder("right").start();
        assertThat(timeOf(ids.nextId())).isEqualTo(now());
    }

    @Test
    void ticksThatNoWindowCouldCoverAreRefusedWithBothSettings() {
        IdLayout minutes = new IdLayout(30, 10, 12, Duration.ofMinutes(1), IdLayout.DEFAULT_EPOCH);
        assertThatThrownBy(() -> builder("one").layout(minutes).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ahead PT30S")
                .hasMessageContaining("tick PT1M");
    }

    @Test
    void theLongestTickThatIsAcceptedIssuesItsFullCapacitySteadily() {
        store.keepTraces();
        Duration tick =
                SETTINGS.ahead().minus(SETTINGS.renewEvery().multipliedBy(3).dividedBy(2));
        IdLayout slow = new IdLayout(30, 10, 4, tick, IdLayout.DEFAULT_EPOCH);
        SnowflakeGenerator ids = builder("one").layout(slow).start();
        loop.pass(tick); // the first tick may have begun before
        for (int ticks = 0; ticks < 10; ticks++) {
            assertThatCode(() -> ids.nextIds(new long[16])).as("tick %d", ticks).doesNotThrowAnyException();
            loop.pass(tick);
        }
    }
}
