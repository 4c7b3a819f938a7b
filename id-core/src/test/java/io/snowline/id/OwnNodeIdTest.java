package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.ReservationSettings;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.ManualTimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Generators in recorded mode that name no node id. */
class OwnNodeIdTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final ReservationSettings SETTINGS = ReservationSettings.DEFAULT;
    private static final Duration LAPSE =
            SETTINGS.takeoverGrace().plus(SETTINGS.renewEvery().multipliedBy(2));

    private final ManualTimeSource time = new ManualTimeSource(NOW.toEpochMilli());
    private final ManualLoop loop = new ManualLoop(time);
    private final MemoryStore store = new MemoryStore(time::wallMillis);
    private final List<LeaseEvent.Kind> events = new ArrayList<>();
    private final IdLayout layout = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
    private NodeIdRange nodeIds = new NodeIdRange(0, 1023);
    private long seeds = 42;

    private RecordedIdGenerator started(String label) {
        return started(label, loop);
    }

    private RecordedIdGenerator started(String label, ManualLoop onLoop) {
        store.keepTraces();
        RecordedIdGenerator ids = RecordedIdGenerator.builder(store, "orders")
                .layout(layout)
                .reservation(SETTINGS)
                .nodeIds(nodeIds)
                .label(label)
                .timeSource(time)
                .random(new SplittableRandom(seeds++))
                .listener(event -> events.add(event.kind()))
                .threads(Runnable::run)
                .loops(name -> onLoop)
                .start();
        onLoop.run();
        return ids;
    }

    private void close(RecordedIdGenerator ids) {
        assertThat(ids.beginClose(false, () -> {})).isTrue();
        loop.run();
    }

    private int node(RecordedIdGenerator ids) {
        return layout.node(ids.nextId());
    }

    private NodeRecord record(int node) {
        return store.node("orders", node).record();
    }

    private static void assertRefused(RecordedIdGenerator ids, Reason reason, String message) {
        assertThatThrownBy(ids::nextId)
                .hasMessageContaining(message)
                .isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                        .isEqualTo(reason));
    }

    @Test
    void eachProcessTakesANodeIdOfItsOwn() {
        RecordedIdGenerator one = started("one");
        RecordedIdGenerator two = started("two");
        assertThat(node(one)).isNotEqualTo(node(two));
        assertThat(one.status().node()).hasValue(node(one));
        assertThat(record(node(one)).label()).isEqualTo("one");
        assertThat(record(node(one)).owner())
                .hasSize(32)
                .isNotEqualTo(record(node(two)).owner());
        assertThat(events).contains(LeaseEvent.Kind.ACQUIRED);
    }

    @Test
    void theFirstCallerNeedNotWaitForTheFirstLook() {
        ManualLoop asleep = new ManualLoop(time);
        store.keepTraces();
        RecordedIdGenerator ids = RecordedIdGenerator.builder(store, "orders")
                .timeSource(time)
                .threads(Runnable::run)
                .loops(name -> asleep)
                .start();
        assertThat(ids.status().node()).isEmpty();
        assertThat(ids.status().problem()).isPresent();
        assertThat(layout.decode(ids.nextId()).timestamp()).isEqualTo(Instant.ofEpochMilli(time.wallMillis()));
        assertThat(ids.status().node()).isPresent();
        assertThat(ids.status().problem()).isEmpty();
    }

    @Test
    void anIdleOwnerKeepsItsNodeIdAndAClosedOneGivesItBack() {
        nodeIds = new NodeIdRange(0, 1);
        RecordedIdGenerator one = started("one");
        RecordedIdGenerator two = started("two");
        loop.pass(LAPSE.multipliedBy(3));
        RecordedIdGenerator third = started("third");
        assertRefused(
                third,
                Reason.NO_FREE_NODE,
                "namespace 'orders' has 2 node ids for this process (0-1) and 2 of them are held");
        assertThat(third.status().node()).isEmpty();
        int given = node(one);
        long mark = record(given).end();
        close(one);
        assertThat(record(given).released()).isTrue();
        assertThat(record(given).label()).isEqualTo("one");
        assertThat(record(given).end()).isEqualTo(mark);
        loop.pass(Duration.ofSeconds(2));
        assertThat(node(third)).isEqualTo(given).isNotEqualTo(node(two));
    }

    @Test
    void aNodeIdWhoseOwnerHasCrashedLapses() {
        nodeIds = new NodeIdRange(0, 0);
        int held = node(started("crashed", new ManualLoop(time)));
        RecordedIdGenerator next = started("next");
        loop.pass(LAPSE.minusSeconds(2));
        assertRefused(next, Reason.NO_FREE_NODE, "1 of them are held");
        loop.pass(Duration.ofSeconds(5));
        assertThat(node(next)).isEqualTo(held);
    }

    @Test
    void aProcessThatComesBackFindsTheNodeIdThatItHad() {
        RecordedIdGenerator before = started("one");
        int had = node(before);
        close(before);
        started("two");
        assertThat(node(started("one"))).isEqualTo(had);
    }

    @Test
    void aNodeIdThatIsAnothersIsGivenUpAndCallersNoticeNothing() {
        RecordedIdGenerator ids = started("one");
        long[] ahead = new long[100_000]; // runs some 25 ms ahead
        ids.nextIds(ahead);
        int had = layout.node(ahead[0]);
        store.overwrite(
                "orders", had, old -> new NodeRecord(had, "fresh", "another", "other:8080", old.end(), old.end()));
        long[] after = new long[100];
        ids.nextIds(after);
        assertThat(layout.node(after[0])).isNotEqualTo(had);
        assertThat(after).isSorted();
        assertThat(after[0]).isGreaterThan(ahead[ahead.length - 1]);
        assertThat(ids.status().node()).hasValue(layout.node(after[0]));
        assertThat(record(had).owner()).isEqualTo("another");
        assertThat(events).containsSubsequence(LeaseEvent.Kind.LOST, LeaseEvent.Kind.ACQUIRED);
    }

    @Test
    void anIdleOwnerNoticesThatItsNodeIdIsAnothersAndTakesOneAtOnce() {
        RecordedIdGenerator ids = started("one");
        int had = node(ids);
        store.overwrite(
                "orders", had, old -> new NodeRecord(had, "fresh", "another", "other:8080", old.end(), old.end()));
        loop.pass(SETTINGS.renewEvery().plusSeconds(1));
        assertThat(ids.status().node()).isPresent().isNotEqualTo(OptionalInt.of(had));
        assertThat(node(ids)).isNotEqualTo(had);
    }

    @Test
    void aProcessThatNamesANodeIdLeavesItToItsOwner() {
        RecordedIdGenerator owner = started("one");
        int node = node(owner);
        String ownerId = record(node).owner();
        RecordedIdGenerator guest = started("two");
        loop.pass(Duration.ofMillis(5)); // the owner lets the lock go
        long shared = guest.nextId(node);
        loop.pass(Duration.ofMillis(5));
        assertThat(record(node).owner()).isEqualTo(ownerId);
        assertThat(record(node).label()).isEqualTo("one");
        assertThat(owner.nextId()).isGreaterThan(shared);
        assertThat(node(owner)).isEqualTo(node);
        assertThat(events).doesNotContain(LeaseEvent.Kind.LOST);
    }

    @Test
    void aNodeIdThatIsNamedHasNoOwner() {
        RecordedIdGenerator ids = started("one");
        ids.nextId(9);
        assertThat(record(9).owner()).isEmpty();
        assertThat(record(9).label()).isEqualTo("one");
    }

    @Test
    void whileNoneIsFreeTheCoordinatorIsAskedOnceASecond() {
        nodeIds = new NodeIdRange(0, 0);
        started("one");
        RecordedIdGenerator next = started("two", new ManualLoop(time));
        int before = store.reads();
        for (int i = 0; i < 300; i++) {
            assertRefused(next, Reason.NO_FREE_NODE, "1 of them are held");
            time.pass(Duration.ofMillis(10));
        }
        assertThat(store.reads() - before).isBetween(2, 4);
    }

    @Test
    void p8_afterAWipeTheOwnersGoOnApart() {
        RecordedIdGenerator one = started("one");
        RecordedIdGenerator two = started("two");
        Map<Integer, Long> before = Map.of(node(one), one.nextId(), node(two), two.nextId());
        store.wipe();
        loop.pass(SETTINGS.guard().plusSeconds(3));
        assertThat(node(one)).isNotEqualTo(node(two));
        assertThat(one.nextId())
                .isGreaterThan(before.values().stream()
                        .mapToLong(Long::longValue)
                        .max()
                        .orElseThrow());
    }

    @Test
    void anIdleOwnersMarkFollowsTheTimeAndDoesNotGoAhead() {
        RecordedIdGenerator ids = started("one");
        int node = node(ids);
        loop.pass(Duration.ofMinutes(1));
        Instant mark = Instant.ofEpochMilli(layout.scale().millisAt(record(node).end()));
        Instant now = Instant.ofEpochMilli(time.wallMillis());
        assertThat(mark).isBetween(now.minus(SETTINGS.renewEvery()).minusMillis(1), now);
        assertThat(layout.decode(ids.nextId()).timestamp()).isEqualTo(now);
    }
}
