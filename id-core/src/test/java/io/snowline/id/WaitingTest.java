package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.ReservationSettings;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.ManualTimeSource;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long callers wait, and what they are told. */
@Timeout(60)
class WaitingTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final Duration UNTIL_THE_LEAD_OF_A_FIRST_START_IS_GONE = Duration.ofMinutes(2);
    private static final Duration TICK = Duration.ofMillis(10);

    private final ManualTimeSource time = new ManualTimeSource(NOW.toEpochMilli());
    private final ManualLoop loop = new ManualLoop(time);
    private final MemoryStore store = new MemoryStore(time::wallMillis);
    private long seed = 1;

    /** Callers wait for at most five ticks of four IDs each. */
    private SnowflakeGenerator.Builder builder() {
        return SnowflakeGenerator.builder(store, "orders")
                .layout(new IdLayout(40, 2, 2, TICK, IdLayout.DEFAULT_EPOCH))
                .maxLead(Duration.ZERO)
                .maxWait(Duration.ofMillis(50))
                .timeSource(time)
                .random(new SplittableRandom(seed++))
                .loops(name -> loop);
    }

    private SnowflakeGenerator settled(SnowflakeGenerator generator) {
        loop.pass(UNTIL_THE_LEAD_OF_A_FIRST_START_IS_GONE);
        return generator;
    }

    private static IdUnavailableException refusalOf(SnowflakeGenerator ids) {
        return catchThrowableOfType(IdUnavailableException.class, () -> {
            while (true) {
                long unused = ids.nextId();
            }
        });
    }

    // ---- clocks that stand still ----

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMonotonicClockThatStandsStillEndsInTheDeadline(boolean wallToo) throws Exception {
        StoppedTime stopped = new StoppedTime(time);
        SnowflakeGenerator ids = settled(builder().timeSource(stopped).start());
        stopped.stopMonotonic();
        if (wallToo) {
            stopped.stopWall();
        }
        assertThat(inThread(() -> refusalOf(ids).reason())).isEqualTo(Reason.RATE_EXCEEDED);
        assertThat(inThread(() -> catchThrowableOfType(IdUnavailableException.class, () -> ids.nextIds(new long[100]))
                        .reason()))
                .isEqualTo(Reason.RATE_EXCEEDED);
    }

    @Test
    void awaitReadyEndsOnAMonotonicClockThatStandsStill() throws Exception {
        StoppedTime stopped = new StoppedTime(time);
        SnowflakeGenerator ids = builder().timeSource(stopped).start();
        stopped.stopMonotonic();
        assertThat(inThread(() -> ids.awaitReady(Duration.ofMillis(50)))).isFalse();
    }

    @Test
    void aWallClockThatStandsStillStopsNothing() {
        StoppedTime stopped = new StoppedTime(time);
        SnowflakeGenerator ids = settled(builder().timeSource(stopped).start());
        stopped.stopWall();
        long[] batch = new long[1_000];
        ids.nextIds(batch);
        assertThat(batch).isSorted().doesNotHaveDuplicates();
        long begun = time.monotonicNanos();
        assertThat(catchThrowableOfType(
                                IdUnavailableException.class,
                                () -> ids.nextIds(batch, 0, batch.length, Duration.ofMillis(5)))
                        .reason())
                .isEqualTo(Reason.RATE_EXCEEDED);
        assertThat(Duration.ofNanos(time.monotonicNanos() - begun)).isLessThanOrEqualTo(Duration.ofMillis(10));
    }

    // ---- the lane that can issue first ----

    /** One of two lanes has found no node id. */
    private SnowflakeGenerator withOneOfTwoLanes(SnowflakeGenerator.Builder settings) {
        NodeIdRange two = new NodeIdRange(0, 1);
        ManualLoop others = new ManualLoop(time);
        SnowflakeGenerator other = builder().nodeIds(two).loops(name -> others).start();
        others.pass(UNTIL_THE_LEAD_OF_A_FIRST_START_IS_GONE);
        SnowflakeGenerator ids = settings.nodeIds(two).lanes(2).start();
        for (int i = 0; i < 20; i++) {
            loop.pass(Duration.ofSeconds(1));
            others.run();
        }
        assertThat(other.status().get(0).node()).isPresent();
        assertThat(ids.status()).filteredOn(lane -> lane.node().isPresent()).hasSize(1);
        return ids;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whereOneLaneHasNoNodeIdCallersOfBothAreToldWhatIsTrueOfTheOther(int lane) throws Exception {
        SnowflakeGenerator ids = withOneOfTwoLanes(builder().maxWait(Duration.ZERO));
        IdUnavailableException refusal = ofLane(lane, () -> refusalOf(ids));
        assertThat(refusal.reason()).isEqualTo(Reason.RATE_EXCEEDED);
        assertThat(refusal.retryAfter()).isBetween(Duration.ofMillis(1), TICK);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whereOneLaneHasNoNodeIdCallersOfBothWaitForTheOthersTick(int lane) throws Exception {
        CountedWaits waits = new CountedWaits(time);
        SnowflakeGenerator ids = withOneOfTwoLanes(builder().timeSource(waits));
        ofLane(lane, () -> {
            ids.nextIds(new long[40]);
            return null;
        });
        assertThat(waits.count).as("waits for nine or ten ticks").isLessThanOrEqualTo(10);
    }

    @Test
    void noFreeNodeIsToldWhereNoLaneHasOne() {
        NodeIdRange one = new NodeIdRange(0, 0);
        SnowflakeGenerator other = settled(builder().nodeIds(one).start());
        ManualLoop later = new ManualLoop(time);
        SnowflakeGenerator ids = builder().nodeIds(one).loops(name -> later).start();
        later.run();
        assertThat(other.nextId()).isPositive();
        assertThat(refusalOf(ids).reason()).isEqualTo(Reason.NO_FREE_NODE);
    }

    @Test
    void whereALaneWithANodeIdHasUsedUpItsWindowThatIsToldAndNotThatTheOtherHasNone() {
        SnowflakeGenerator ids = withOneOfTwoLanes(builder().maxLead(Duration.ofHours(1)));
        store.up(false);
        loop.pass(ReservationSettings.DEFAULT.renewEvery().multipliedBy(3));
        assertThat(refusalOf(ids).reason()).isEqualTo(Reason.COORDINATOR_UNAVAILABLE);
    }

    // ---- awaitReady ----

    @Test
    void awaitReadyOfAClosedGeneratorIsFalseImmediately() {
        SnowflakeGenerator ids = settled(builder().start());
        ids.beginClose(() -> {});
        long begun = time.monotonicNanos();
        assertThat(ids.awaitReady(Duration.ofSeconds(3))).isFalse();
        assertThat(ids.awaitReady(FOREVER)).isFalse();
        assertThat(time.monotonicNanos()).isEqualTo(begun);
    }

    @Test
    void awaitReadyIsFalseImmediatelyWhenTheNamespaceWasFixedOtherwise() {
        settled(builder().start());
        SnowflakeGenerator ids =
                builder().layout(IdLayout.classic(IdLayout.DEFAULT_EPOCH)).start();
        loop.run();
        long begun = time.monotonicNanos();
        assertThat(ids.awaitReady(FOREVER)).isFalse();
        assertThat(time.monotonicNanos()).isEqualTo(begun);
        assertThat(refusalOf(ids).reason()).isEqualTo(Reason.NAMESPACE_MISMATCH);
    }

    @Test
    void awaitReadyIsFalseImmediatelyWhenTheLayoutsTimeIsOver() {
        IdLayout over = new IdLayout(12, 2, 2, Duration.ofSeconds(1), NOW.minusSeconds(5_000));
        SnowflakeGenerator ids = builder().layout(over).start();
        loop.run();
        long begun = time.monotonicNanos();
        assertThat(ids.awaitReady(FOREVER)).isFalse();
        assertThat(time.monotonicNanos()).isEqualTo(begun);
        assertThat(refusalOf(ids).reason()).isEqualTo(Reason.END_OF_TIME);
    }

    @Test
    void awaitReadyWaitsForAsLongAsItIsToldAndNoLonger() {
        SnowflakeGenerator ids = builder().start();
        long begun = time.monotonicNanos();
        assertThat(ids.awaitReady(Duration.ofMillis(1_500))).isFalse();
        assertThat(Duration.ofNanos(time.monotonicNanos() - begun)).isEqualTo(Duration.ofMillis(1_500));
    }

    @Test
    void noWaitIsTooLongToBeToldInNanoseconds() {
        SnowflakeGenerator ids = settled(builder().start());
        assertThat(ids.awaitReady(FOREVER)).isTrue();
        long[] batch = new long[100];
        ids.nextIds(batch, 0, batch.length, FOREVER);
        assertThat(batch).isSorted().doesNotHaveDuplicates();
    }

    // ---- settings ----

    @Test
    void durationsOfABuilderAreAtMostAnHour() {
        Duration hour = Duration.ofHours(1);
        assertThat(builder().maxWait(hour).maxLead(hour).start()).isNotNull();
        for (Duration refused : new Duration[] {hour.plusNanos(1), FOREVER, Duration.ofNanos(-1)}) {
            assertThatThrownBy(() -> builder().maxWait(refused))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("maxWait must be from 0 to 1 h, got " + refused);
            assertThatThrownBy(() -> builder().maxLead(refused))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("maxLead must be from 0 to 1 h, got " + refused);
            assertThatThrownBy(
                            () -> RecordedIdGenerator.builder(store, "orders").maxWait(refused))
                    .hasMessage("maxWait must be from 0 to 1 h, got " + refused);
        }
    }

    @Test
    void theHostIsNotAskedForItsNameWhereALabelIsSet() {
        SnowflakeGenerator.Builder settings = builder();
        settings.label = () -> {
            throw new AssertionError("the host was asked for its name");
        };
        settings.label("one").start();
        loop.run();
        assertThat(builder().label.get())
                .isEqualTo(Labels.ofThisProcess())
                .startsWith(ProcessHandle.current().pid() + "@");
    }

    // ---- threads ----

    private static final class CountedWaits implements TimeSource {
        private final TimeSource time;
        private int count;

        CountedWaits(TimeSource time) {
            this.time = time;
        }

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
            count++;
            time.parkNanos(nanos);
        }
    }

    /** Runs something in a thread of its own, and gives up on the thread if it does not end. */
    private static <T> T inThread(Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        start(new Thread(task));
        return task.get(10, TimeUnit.SECONDS);
    }

    /** Runs something in a thread that prefers one of two lanes. */
    private static <T> T ofLane(int lane, Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task);
        while (thread.getId() % 2 != lane) {
            thread = new Thread(task);
        }
        start(thread);
        return task.get(10, TimeUnit.SECONDS);
    }

    private static void start(Thread thread) {
        thread.setDaemon(true);
        thread.start();
    }
}
