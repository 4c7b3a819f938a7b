package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.Stored;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.ManualTimeSource;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SnowflakeGeneratorTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final ReservationSettings SETTINGS = ReservationSettings.DEFAULT;
    private static final Duration AFTER_THE_FLOOR =
            SETTINGS.ahead().plus(SETTINGS.guard()).plusSeconds(60);

    private final ManualTimeSource time = new ManualTimeSource(NOW.toEpochMilli());
    private final ManualLoop loop = new ManualLoop(time);
    private final MemoryStore store = new MemoryStore(time::wallMillis);
    private final List<LeaseEvent> events = new ArrayList<>();
    private final IdLayout layout = IdLayout.classic(IdLayout.DEFAULT_EPOCH);

    private SnowflakeGenerator.Builder builder(String label) {
        return SnowflakeGenerator.builder(store, "orders")
                .layout(layout)
                .reservation(SETTINGS)
                .label(label)
                .maxWait(Duration.ZERO)
                .timeSource(time)
                .random(new SplittableRandom(label.hashCode()))
                .listener(events::add)
                .loops(name -> loop);
    }

    private SnowflakeGenerator started() {
        return settled(builder("one").start());
    }

    /** Lets the floor of a new namespace pass, until the IDs are stamped with the present again. */
    private SnowflakeGenerator settled(SnowflakeGenerator generator) {
        loop.pass(AFTER_THE_FLOOR);
        return generator;
    }

    private Instant now() {
        return Instant.ofEpochMilli(time.wallMillis());
    }

    @Test
    void idsCarryThePresentTheNodeIdAndASequence() {
        SnowflakeGenerator ids = started();
        DecodedId id = layout.decode(ids.nextId());
        assertThat(id.timestamp()).isEqualTo(now());
        assertThat(id.node()).isEqualTo(ids.status().get(0).node().getAsInt());
    }

    /** A look-up may take as long as a name server is silent. */
    @Test
    void theHostIsNotAskedForItsNameWhereALabelIsSet() {
        SnowflakeGenerator.Builder labelled = SnowflakeGenerator.builder(store, "orders");
        labelled.label = () -> {
            throw new AssertionError("the default label was computed");
        };
        try (SnowflakeGenerator ids =
                labelled.label("web-1").timeSource(time).loops(name -> loop).start()) {
            loop.pass(AFTER_THE_FLOOR);
            assertThat(store.read("orders").nodes().values())
                    .extracting(stored -> stored.record().label())
                    .containsExactly("web-1");
            assertThat(ids.status()).hasSize(1);
        }
    }

    @Test
    void idsOfABatchAreOneRunOfPositions() {
        SnowflakeGenerator ids = started();
        long[] batch = new long[10_000];
        ids.nextIds(batch);
        for (int i = 1; i < batch.length; i++) {
            assertThat(layout.position(batch[i])).isEqualTo(layout.position(batch[0]) + i);
        }
    }

    @Test
    void p8_aNamespaceThatMayHaveBeenLostStartsAboveEverythingThatItMayHaveStamped() {
        SnowflakeGenerator ids = builder("one").start();
        loop.pass(Duration.ofMillis(999));
        assertThatThrownBy(ids::nextId).isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                .isEqualTo(Reason.WINDOW_AHEAD));
        Instant start = now();
        loop.pass(Duration.ofMillis(700));
        DecodedId first = layout.decode(ids.nextId());
        assertThat(first.timestamp()).isBetween(start.plus(SETTINGS.ahead()), now().plus(SETTINGS.ahead()));
        loop.pass(Duration.ofSeconds(70));
        assertThat(layout.decode(ids.nextId()).timestamp())
                .as("at half speed, the lead is gone after twice its length")
                .isEqualTo(now());
    }

    @Tag("T12")
    @Test
    void p3_issuesUpToTheWindowsEndWithoutTheCoordinatorAndNotOneTickFurther() {
        SnowflakeGenerator ids = started();
        store.up(false);
        Instant end = ids.status().get(0).windowEnd();
        long issued = 0;
        IdUnavailableException refusal = null;
        while (refusal == null) {
            try {
                assertThat(layout.decode(ids.nextId()).timestamp()).isBefore(end);
                issued++;
                loop.pass(Duration.ofMillis(10));
            } catch (IdUnavailableException e) {
                refusal = e;
            }
        }
        assertThat(issued).as("one every 10 ms for at least ahead - renewEvery").isGreaterThan(2_600);
        assertThat(refusal.reason()).isEqualTo(Reason.COORDINATOR_UNAVAILABLE);
        store.up(true);
        loop.pass(Duration.ofSeconds(2));
        assertThat(layout.decode(ids.nextId()).timestamp()).isEqualTo(now());
        assertThat(events).extracting(LeaseEvent::kind).contains(LeaseEvent.Kind.AT_RISK, LeaseEvent.Kind.RECOVERED);
    }

    @Test
    void p5_aReplyThatIsReadAfterAPauseLongerThanTheWindowStopsNothing() {
        SnowflakeGenerator ids = started();
        store.clock(() -> {
            long written = time.wallMillis();
            store.clock(time::wallMillis);
            time.pass(SETTINGS.ahead().plusSeconds(3)); // the process is stopped between the step and its reply
            return written;
        });
        loop.pass(SETTINGS.renewEvery().multipliedBy(2)); // the pause is in here
        loop.pass(Duration.ofSeconds(15));
        assertThat(layout.decode(ids.nextId()).timestamp()).isEqualTo(now());
    }

    @Test
    void p3_aBatchThatReachesTheWindowsEndIsNotCompletedBeyondIt() {
        SnowflakeGenerator ids =
                settled(builder("one").maxLead(Duration.ofHours(1)).start());
        store.up(false);
        Instant end = ids.status().get(0).windowEnd();
        long positions =
                layout.scale().positionAt(end.toEpochMilli()) - layout.scale().positionAt(time.wallMillis());
        assertThatThrownBy(() -> ids.nextIds(new long[Math.toIntExact(positions + 1)]))
                .isInstanceOf(IdUnavailableException.class);
        assertThatThrownBy(ids::nextId).isInstanceOf(IdUnavailableException.class);
    }

    @Tag("T01")
    @Test
    void idsStayUniqueAndInOrderWhenTheWallClockGoesBackAndNobodyNotices() {
        SnowflakeGenerator ids = started();
        long last = ids.nextId();
        for (Duration step : List.of(Duration.ofSeconds(-2), Duration.ofSeconds(-10), Duration.ofHours(-1))) {
            time.stepWall(step);
            for (int i = 0; i < 2_000; i++) {
                long id = ids.nextId();
                assertThat(id).isGreaterThan(last);
                last = id;
                loop.pass(Duration.ofMillis(5));
            }
            time.stepWall(step.negated());
            loop.pass(Duration.ofSeconds(30));
        }
    }

    @Test
    void aBurstRunsAheadByMaxLeadAndNoFurther() {
        SnowflakeGenerator ids =
                settled(builder("one").maxLead(Duration.ofMillis(5)).start());
        long[] six = new long[6 * 4096];
        IdUnavailableException refusal = catchThrowableOfType(IdUnavailableException.class, () -> {
            ids.nextIds(six);
            ids.nextIds(six);
        });
        assertThat(refusal.reason()).isEqualTo(Reason.RATE_EXCEEDED);
        assertThat(refusal.retryAfter()).isPositive();
        loop.pass(refusal.retryAfter());
        assertThat(layout.decode(ids.nextId()).timestamp()).isBeforeOrEqualTo(now().plusMillis(5));
    }

    @Tag("T02")
    @Test
    void aCallerWaitsUpToMaxWaitForTheNextTick() {
        SnowflakeGenerator ids = settled(builder("one")
                .maxLead(Duration.ZERO)
                .maxWait(Duration.ofMillis(100))
                .start());
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 3 * 4096; i++) {
            long id = ids.nextId();
            assertThat(seen.add(id)).isTrue();
            assertThat(layout.decode(id).timestamp()).isBeforeOrEqualTo(now());
        }
    }

    @Test
    void idsOfLowTrafficAreSpreadEvenlyOverEveryPowerOfTwo() {
        SnowflakeGenerator ids = started();
        int samples = 100_000;
        int[] counts = new int[1024];
        for (int i = 0; i < samples; i++) {
            counts[(int) (ids.nextId() % counts.length)]++;
            loop.pass(Duration.ofMillis(2));
        }
        for (int shards = 2; shards <= counts.length; shards *= 2) {
            assertThat(chiSquare(counts, shards, samples))
                    .as("chi-square over %d shards", shards)
                    .isLessThan(shards - 1 + 4.5 * Math.sqrt(2.0 * (shards - 1)));
        }
    }

    private static double chiSquare(int[] counts, int shards, int samples) {
        long[] perShard = new long[shards];
        for (int i = 0; i < counts.length; i++) {
            perShard[i % shards] += counts[i];
        }
        double expected = (double) samples / shards;
        return Arrays.stream(perShard)
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
    }

    @Test
    void p6_anOwnerThatLostItsNodeIdTakesAnotherAndItsCallersNoticeNothing() {
        SnowflakeGenerator ids = started();
        int lost = ids.status().get(0).node().getAsInt();
        store.overwrite(
                "orders",
                lost,
                record -> new NodeRecord(
                        lost, "stolen", "thief", "elsewhere", record.end(), record.end() + (60_000L << 12)));
        long last = ids.nextId();
        for (int i = 0; i < 10_000; i++) {
            long id = ids.nextId();
            assertThat(id).isGreaterThan(last);
            last = id;
            loop.pass(Duration.ofMillis(10));
        }
        assertThat(ids.status().get(0).node().getAsInt()).isNotEqualTo(lost);
        assertThat(layout.node(last)).isNotEqualTo(lost);
        assertThat(events).extracting(LeaseEvent::kind).contains(LeaseEvent.Kind.LOST);
    }

    @Test
    void p7_aReleasedNodeIdsMarkIsTheNewestTickPlusOneAndNothingIsStampedAfterwards() {
        SnowflakeGenerator ids = started();
        long last = ids.nextId();
        assertThat(ids.beginClose(() -> {})).isTrue();
        loop.run();
        assertThatThrownBy(ids::nextId).isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                .isEqualTo(Reason.CLOSED));
        NodeRecord record = store.node("orders", layout.node(last)).record();
        assertThat(record.released()).isTrue();
        assertThat(record.end()).isEqualTo(layout.scale().nextTick(layout.position(last)));
        assertThat(record.start()).isLessThanOrEqualTo(record.end());
    }

    @Test
    void p7_aNodeIdThatStampedNothingIsGivenBackWithTheMarkItHadBefore() {
        SnowflakeGenerator ids = started();
        int node = ids.status().get(0).node().getAsInt();
        long start = store.node("orders", node).record().start();
        ids.beginClose(() -> {});
        loop.run();
        assertThat(store.node("orders", node).record().end()).isEqualTo(start);
    }

    @Test
    void p11_theOwnLabelsNodeIdIsTakenAgainAfterARestart() {
        SnowflakeGenerator before = started();
        int node = before.status().get(0).node().getAsInt();
        before.nextId();
        before.beginClose(() -> {});
        loop.pass(Duration.ofSeconds(1));
        SnowflakeGenerator after =
                builder("one").random(new SplittableRandom(99)).start();
        loop.pass(Duration.ofSeconds(1));
        assertThat(after.status().get(0).node()).hasValue(node);
    }

    @Test
    void p11_whenEveryNodeIdIsHeldTheRefusalSaysSoAndALapsedOneIsTaken() {
        NodeIdRange one = new NodeIdRange(5, 5);
        SnowflakeGenerator first = settled(builder("one").nodeIds(one).start());
        ManualLoop otherLoop = new ManualLoop(time);
        SnowflakeGenerator second =
                builder("two").nodeIds(one).loops(name -> otherLoop).start();
        otherLoop.run();
        assertThat(catchThrowableOfType(IdUnavailableException.class, second::nextId))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NO_FREE_NODE))
                .hasMessageContaining(
                        "namespace 'orders' has 1 node ids for this process (5-5) and 1 of them are held");
        long lastOfFirst = first.nextId();
        otherLoop.pass(
                SETTINGS.ahead().plus(SETTINGS.takeoverGrace()).plusSeconds(2)); // the first one's loop is stopped
        assertThat(second.nextId()).isGreaterThan(lastOfFirst);
        assertThatThrownBy(first::nextId).isInstanceOf(IdUnavailableException.class);
    }

    @Tag("T32")
    @Test
    void p9_aProcessConfiguredOtherwiseIsRefusedWithBothShown() {
        started();
        IdLayout other = new IdLayout(40, 10, 13, Duration.ofMillis(1), IdLayout.DEFAULT_EPOCH);
        SnowflakeGenerator ids = builder("two").layout(other).start();
        loop.run();
        assertThat(catchThrowableOfType(IdUnavailableException.class, ids::nextId))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NAMESPACE_MISMATCH))
                .hasMessageContaining("41/10/12")
                .hasMessageContaining("40/10/13");
    }

    @Test
    void p9_aheadMayRiseAndNotFall() {
        started();
        ReservationSettings longer = new ReservationSettings(
                Duration.ofSeconds(60),
                Duration.ofSeconds(3),
                Duration.ZERO,
                Duration.ofSeconds(1),
                Duration.ofSeconds(9));
        SnowflakeGenerator raising = builder("two").reservation(longer).start();
        loop.pass(Duration.ofSeconds(1));
        assertThat(raising.nextId()).isPositive();
        SnowflakeGenerator lowering = builder("three").start();
        loop.run();
        assertThat(catchThrowableOfType(IdUnavailableException.class, lowering::nextId))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NAMESPACE_MISMATCH))
                .hasMessageContaining("PT1M")
                .hasMessageContaining("PT30S");
    }

    @Tag("T06")
    @Test
    void p10_aTickThatDoesNotFitTheLayoutIsRefusedAndNeverWrapped() {
        Instant epoch = NOW.minus(Duration.ofSeconds(1).multipliedBy(4096)).plusSeconds(200);
        IdLayout almostOver = new IdLayout(12, 10, 12, Duration.ofSeconds(1), epoch);
        SnowflakeGenerator ids = settled(builder("one").layout(almostOver).start());
        long last = ids.nextId();
        for (int i = 0; i < 200; i++) {
            loop.pass(Duration.ofSeconds(1));
            try {
                long id = ids.nextId();
                assertThat(id).isGreaterThan(last);
                last = id;
            } catch (IdUnavailableException e) {
                assertThat(e.reason()).isEqualTo(Reason.END_OF_TIME);
            }
        }
        assertThatThrownBy(ids::nextId).isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                .isEqualTo(Reason.END_OF_TIME));
    }

    @Test
    void aProcessWhoseClockDiffersTooMuchFromTheStoresSaysSoAndDoesNotStart() {
        store.clock(() -> time.wallMillis() - 11_000);
        SnowflakeGenerator ids = builder("one").start();
        loop.pass(Duration.ofSeconds(5));
        assertThat(catchThrowableOfType(IdUnavailableException.class, ids::nextId))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CLOCKS_DISAGREE))
                .hasMessageContaining("differ by -11000 ms");
        store.clock(time::wallMillis);
        loop.pass(Duration.ofSeconds(5));
        assertThat(ids.nextId()).isPositive();
    }

    @Test
    void severalLanesHoldSeveralNodeIdsAndNeverTheSame() {
        SnowflakeGenerator ids = settled(builder("one").lanes(4).start());
        assertThat(ids.status()).extracting(status -> status.node().getAsInt()).doesNotHaveDuplicates();
        long[] batch = new long[4 * 4096 * 900];
        ids.nextIds(batch);
        Arrays.sort(batch);
        for (int i = 1; i < batch.length; i++) {
            if (batch[i] == batch[i - 1]) {
                fail("issued twice: " + batch[i]);
            }
        }
    }

    @Test
    void severalGeneratorsInOneProcessHaveALeaseEach() {
        SnowflakeGenerator first = started();
        SnowflakeGenerator second =
                builder("one").random(new SplittableRandom(7)).start();
        loop.pass(Duration.ofSeconds(1));
        assertThat(first.status().get(0).node())
                .isNotEqualTo(second.status().get(0).node());
        assertThat(first.nextId()).isNotEqualTo(second.nextId());
    }

    @Test
    void nextIdAllocatesNothing() {
        SnowflakeGenerator ids =
                settled(builder("one").maxLead(Duration.ofSeconds(20)).start());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (int i = 0; i < 100_000; i++) {
            sum += ids.nextId();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            sum += ids.nextId();
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(sum).isNotZero();
        assertThat(allocated).as("bytes for 100,000 IDs").isLessThan(10_000);
    }

    @Tag("T29")
    @Test
    void manyThreadsNeverGetTheSameIdWhileLanesAreSwappedUnderneath() throws Exception {
        SnowflakeGenerator ids =
                settled(builder("one").maxLead(Duration.ofSeconds(20)).start());
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> work = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            work.add(threads.submit(() -> draw(ids, seen)));
        }
        for (int i = 0; i < 40; i++) {
            int node = ids.status().get(0).node().orElse(-1);
            if (node >= 0) {
                store.overwrite(
                        "orders",
                        node,
                        record -> new NodeRecord(
                                node, "stolen", "thief", "elsewhere", record.end(), record.end() + 4096));
            }
            loop.pass(Duration.ofSeconds(4));
        }
        for (Future<?> each : work) {
            each.get();
        }
        threads.shutdown();
        assertThat(seen).hasSize(4 * 50_000);
    }

    private static void draw(SnowflakeGenerator ids, Set<Long> seen) {
        int drawn = 0;
        while (drawn < 50_000) {
            try {
                if (!seen.add(ids.nextId())) {
                    throw new AssertionError("an ID was issued twice");
                }
                drawn++;
            } catch (IdUnavailableException e) {
                Thread.onSpinWait();
            }
        }
    }

    @Tag("T18")
    @Test
    void settingsThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> builder("one").lanes(0).start())
                .hasMessage("lanes must be from 1 to the number of node ids, 1024, got 0");
        assertThatThrownBy(
                        () -> builder("one").nodeIds(new NodeIdRange(0, 1024)).start())
                .hasMessage("nodeIds must lie within the layout's 0-1023, got 0-1024");
        assertThatThrownBy(() -> SnowflakeGenerator.builder(store, "a b")).hasMessageContaining("got 'a b'");
    }

    @Test
    void aNodeIdsRecordTellsWhoHoldsIt() {
        SnowflakeGenerator ids = started();
        Stored<NodeRecord> record =
                store.node("orders", ids.status().get(0).node().getAsInt());
        assertThat(record.record().label()).isEqualTo("one");
        assertThat(record.record().owner()).hasSize(32);
    }

    /** Found by simulation: the first reading was believed forever, and no more IDs were issued. */
    @Test
    void p4_aStoreClockThatWasSlowOnceIsReadAgain() {
        SnowflakeGenerator ids = started();
        store.clock(() -> time.wallMillis() - SETTINGS.ahead().toMillis() - 1_000);
        loop.pass(SETTINGS.ahead());
        store.clock(time::wallMillis);
        loop.pass(Duration.ofSeconds(6));
        assertThat(layout.decode(ids.nextId()).timestamp()).isEqualTo(now());
    }
}
