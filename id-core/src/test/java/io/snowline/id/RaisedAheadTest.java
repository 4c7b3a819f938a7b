package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.time.ManualTimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** P8 and P9 together: what a process writes after a loss if it does not know the larger {@code ahead} yet. */
class RaisedAheadTest {

    private static final Duration AHEAD = Duration.ofSeconds(30);
    private static final Duration LARGER = Duration.ofSeconds(60);
    private static final Duration GUARD = Duration.ofSeconds(1);

    private final ManualTimeSource time =
            new ManualTimeSource(Instant.parse("2026-11-25T08:00:00Z").toEpochMilli());
    private final MemoryStore store = new MemoryStore(time::wallMillis);
    private final List<LeaseEvent> events = new ArrayList<>();

    private ManualLoop start(String label, Duration ahead, Duration guard) {
        ManualLoop loop = new ManualLoop(time);
        SnowflakeGenerator.builder(store, "orders")
                .reservation(new ReservationSettings(
                        ahead, Duration.ofSeconds(3), Duration.ofSeconds(10), guard, Duration.ofSeconds(10)))
                .label(label)
                .timeSource(time)
                .random(new SplittableRandom(label.hashCode()))
                .listener(events::add)
                .loops(name -> loop)
                .start();
        return loop;
    }

    private StoreView view() {
        return store.read("orders");
    }

    private long highestMark() {
        return view().nodes().values().stream()
                .map(Stored::record)
                .mapToLong(NodeRecord::end)
                .max()
                .orElseThrow();
    }

    private long floor() {
        return view().namespace().orElseThrow().record().floor();
    }

    @Test
    void p8_aGuardThatRoseBeforeCoversALargerAheadWhileItIsRolledOut() {
        Duration raisedGuard = GUARD.plus(LARGER.minus(AHEAD).multipliedBy(2));
        ManualLoop unaware = start("unaware", AHEAD, raisedGuard);
        unaware.pass(raisedGuard.plusSeconds(90));
        ManualLoop raising = start("raising", LARGER, GUARD);
        raising.run();
        long forgotten = highestMark();
        store.wipe();
        unaware.pass(Duration.ofSeconds(5));
        assertThat(view().namespace().orElseThrow().record().ahead()).isEqualTo(AHEAD);
        assertThat(floor()).isGreaterThanOrEqualTo(forgotten);
    }

    @Test
    void p8_withoutItTheFloorOfAProcessThatIsUnawareMayLieTooLow() {
        ManualLoop unaware = start("unaware", AHEAD, GUARD);
        unaware.pass(Duration.ofSeconds(90));
        ManualLoop raising = start("raising", LARGER, GUARD);
        raising.run();
        long forgotten = highestMark();
        store.wipe();
        unaware.pass(Duration.ofSeconds(5));
        assertThat(floor()).as("what docs/operations.md warns of").isLessThan(forgotten);
    }

    @Test
    void p9_raisingIsToldWithWhatItTakes() {
        start("first", AHEAD, GUARD).pass(Duration.ofSeconds(2));
        events.clear();
        start("raising", LARGER, GUARD).run();
        assertThat(events)
                .extracting(LeaseEvent::kind)
                .containsExactly(LeaseEvent.Kind.AHEAD_RAISED, LeaseEvent.Kind.ACQUIRED);
        assertThat(events.get(0).detail()).contains("from PT30S to PT1M", "guard was raised by PT1M everywhere before");
    }

    @Test
    void p9_aRunningProcessAdoptsTheLargerOne() {
        ManualLoop first = start("first", AHEAD, GUARD);
        first.pass(Duration.ofSeconds(90));
        start("raising", LARGER, GUARD).run();
        first.pass(Duration.ofSeconds(4));
        assertThat(view().nodes().values().stream()
                        .map(Stored::record)
                        .filter(record -> record.label().equals("first"))
                        .mapToLong(NodeRecord::end)
                        .mapToObj(end -> Instant.ofEpochMilli(
                                IdLayout.classic(IdLayout.DEFAULT_EPOCH).scale().millisAt(end))))
                .allMatch(end ->
                        end.isAfter(Instant.ofEpochMilli(time.wallMillis()).plusSeconds(50)));
    }
}
