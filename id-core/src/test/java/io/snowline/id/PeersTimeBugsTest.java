package io.snowline.id;

import static io.snowline.id.Processes.LAPSE;
import static io.snowline.id.Processes.ONE_NODE_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.id.Processes.Issuer;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bugs of other ID generators about time. The tags are their numbers in docs/safety.md; most of the bugs there are
 * tested elsewhere, next to the code that they concern.
 */
class PeersTimeBugsTest {

    private static final int IDS_PER_TICK = 4096;
    private static final Duration TICK = Duration.ofMillis(1);

    private final Processes processes = new Processes();

    @Tag("T01")
    @Test
    void whenTheWallClockGoesBackAtAnyMomentAndReturnsNoIdComesAgain() {
        SnowflakeGenerator ids =
                processes.startAndSettle(processes.builder("one")).ids();
        SplittableRandom random = new SplittableRandom(1);
        long last = ids.nextId();
        for (int i = 0; i < 500; i++) {
            Duration back = Duration.ofMillis(random.nextLong(1, 5_000));
            processes.time.stepWall(back.negated());
            last = drawAbove(last, ids, random);
            processes.time.stepWall(back);
            last = drawAbove(last, ids, random);
        }
    }

    private long drawAbove(long last, SnowflakeGenerator ids, SplittableRandom random) {
        long newest = last;
        for (int i = random.nextInt(1, 200); i > 0; i--) {
            long id = ids.nextId();
            assertThat(id).isGreaterThan(newest);
            newest = id;
        }
        processes.pass(Duration.ofMillis(random.nextLong(1, 60)));
        return newest;
    }

    @Tag("T02")
    @Test
    void aTickThatIsUsedUpIsNotUsedAgainWhileTheClockStandsStill() {
        SnowflakeGenerator ids = processes
                .startAndSettle(processes.builder("one").maxLead(Duration.ZERO))
                .ids();
        List<Long> drawn = drawUntilRefused(ids);
        assertThat(drawn).hasSizeLessThanOrEqualTo(IDS_PER_TICK).doesNotHaveDuplicates();
        for (int i = 0; i < 2 * IDS_PER_TICK; i++) {
            assertRefused(ids, Reason.RATE_EXCEEDED);
        }
        processes.pass(TICK);
        assertThat(ids.nextId()).isGreaterThan(drawn.get(drawn.size() - 1));
    }

    private static List<Long> drawUntilRefused(SnowflakeGenerator ids) {
        List<Long> drawn = new ArrayList<>();
        assertThatThrownBy(() -> {
                    while (drawn.size() < 1_000_000) {
                        drawn.add(ids.nextId());
                    }
                })
                .isInstanceOf(IdUnavailableException.class);
        return drawn;
    }

    private static void assertRefused(IdGenerator ids, Reason reason) {
        assertThat(catchThrowableOfType(IdUnavailableException.class, ids::nextId)
                        .reason())
                .isEqualTo(reason);
    }

    @Tag("T03")
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 2_000})
    void aClockThatGoesBackWhileATickIsUsedUpNeitherBreaksNorRepeatsAnything(int backMillis) {
        SnowflakeGenerator ids = processes
                .startAndSettle(processes.builder("one").maxLead(Duration.ZERO))
                .ids();
        List<Long> drawn = drawUntilRefused(ids);
        processes.time.stepWall(Duration.ofMillis(-backMillis));
        assertRefused(ids, Reason.RATE_EXCEEDED);
        long last = drawn.get(drawn.size() - 1);
        for (int i = 0; i < 10_000; i++) { // 10 s, in which some renewals see the clock set back
            processes.pass(TICK);
            if (i % 2 == 1) { // at half speed a tick lasts twice as long
                long id = ids.nextId();
                assertThat(id).isGreaterThan(last);
                last = id;
            }
        }
    }

    @Tag("T04")
    @ParameterizedTest
    @CsvSource({"PT3S, true", "PT3S, false", "PT1H, true", "PT1H, false"})
    void aProcessThatRestartsWithAnEarlierClockRepeatsNothing(Duration back, boolean released) {
        Issuer before = processes.startAndSettle(processes.builder("one").nodeIds(ONE_NODE_ID));
        long last = before.ids().nextId();
        end(before, released);
        processes.time.stepWall(back.negated());
        SnowflakeGenerator after =
                processes.start(processes.builder("one").nodeIds(ONE_NODE_ID)).ids();
        assertThat(firstId(after, back.plus(LAPSE))).isGreaterThan(last);
    }

    private void end(Issuer process, boolean released) {
        if (released) {
            processes.close(process);
        } else {
            processes.stop(process);
        }
    }

    private long firstId(SnowflakeGenerator ids, Duration within) {
        Duration step = Duration.ofMillis(250);
        for (Duration waited = Duration.ZERO; waited.compareTo(within) < 0; waited = waited.plus(step)) {
            processes.pass(step);
            long[] one = new long[1];
            if (ids.tryNextIds(one, 0, 1) == 1) {
                return one[0];
            }
        }
        throw new AssertionError("no ID within " + within);
    }

    @Tag("T05")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aProcessThatRestartsAfterABurstThatRanAheadStartsAboveIt(boolean released) {
        Issuer before = processes.startAndSettle(processes.builder("one").nodeIds(ONE_NODE_ID));
        long[] burst = new long[2 * IDS_PER_TICK];
        long last = 0;
        for (int i = 0; i < 10_000; i++) {
            int filled = before.ids().tryNextIds(burst, 0, burst.length);
            last = filled > 0 ? burst[filled - 1] : last;
            processes.pass(TICK);
        }
        assertThat(processes.layout.decode(last).timestamp())
                .as("ahead of the time by about maxLead")
                .isAfter(processes.now().plusMillis(900));
        end(before, released);
        SnowflakeGenerator after =
                processes.start(processes.builder("one").nodeIds(ONE_NODE_ID)).ids();
        assertThat(firstId(after, LAPSE)).isGreaterThan(last);
    }

    /** Stops once, where the test says, for as long as another process takes to get the node id. */
    private static final class Interrupted implements TimeSource {
        private final TimeSource time;
        private Runnable pause = () -> {};
        private int readingsLeft = -1;
        private boolean afterReading;

        Interrupted(TimeSource time) {
            this.time = time;
        }

        void at(int reading, boolean after, Runnable action) {
            readingsLeft = reading;
            afterReading = after;
            pause = action;
        }

        boolean happened() {
            return readingsLeft < 0;
        }

        @Override
        public long wallMillis() {
            return time.wallMillis();
        }

        @Override
        public long monotonicNanos() {
            long before = time.monotonicNanos();
            if (readingsLeft < 0 || readingsLeft-- > 0) {
                return before;
            }
            pause.run();
            return afterReading ? before : time.monotonicNanos();
        }

        @Override
        public void parkNanos(long nanos) {
            time.parkNanos(nanos);
        }
    }

    @Tag("T11")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallerThatStandsStillAtAnyReadingOfTheClockStampsNothingThatTheNextOwnerStamps(boolean afterReading) {
        int reading = 0;
        while (standsStill(new Processes(), reading, afterReading)) {
            reading++;
        }
        assertThat(reading).as("readings of the clock in the calls").isGreaterThan(2);
    }

    /** Returns whether the calls reached that reading of the clock. */
    private static boolean standsStill(Processes processes, int reading, boolean afterReading) {
        Interrupted clock = new Interrupted(processes.time);
        Issuer sleeper = processes.startAndSettle(
                processes.builder("one").nodeIds(ONE_NODE_ID).timeSource(clock));
        Issuer next = processes.start(processes.builder("two").nodeIds(ONE_NODE_ID));
        Set<Long> ids = new HashSet<>();
        clock.at(reading, afterReading, () -> {
            processes.stop(sleeper);
            processes.pass(LAPSE);
            draw(next.ids(), ids);
            assertThat(ids).as("IDs of the next owner").isNotEmpty();
        });
        draw(sleeper.ids(), ids);
        return clock.happened();
    }

    /** Draws one by one and in batches, as long as there are IDs; none of them may have been seen before. */
    private static void draw(SnowflakeGenerator ids, Set<Long> seen) {
        try {
            for (int i = 0; i < 300; i++) {
                assertThat(seen.add(ids.nextId())).isTrue();
            }
            long[] batch = new long[50];
            ids.nextIds(batch);
            for (long id : batch) {
                assertThat(seen.add(id)).isTrue();
            }
        } catch (IdUnavailableException e) {
            assertThat(e.reason()).isIn(Reason.NO_FREE_NODE, Reason.WINDOW_AHEAD);
        }
    }

    /** Counts the actions of a waiting caller. */
    private static final class Watched implements TimeSource {
        private final TimeSource time;
        private Runnable onPark = () -> {};
        private long parks;
        private long readings;

        Watched(TimeSource time) {
            this.time = time;
        }

        @Override
        public long wallMillis() {
            readings++;
            return time.wallMillis();
        }

        @Override
        public long monotonicNanos() {
            readings++;
            return time.monotonicNanos();
        }

        @Override
        public void parkNanos(long nanos) {
            parks++;
            Runnable once = onPark;
            onPark = () -> {};
            once.run();
            time.parkNanos(nanos);
        }
    }

    @Tag("T25")
    @Test
    void whileTheWallClockIsStuckCallersGetIdsOrARefusalAfterABoundedWaitWithoutSpinning() {
        Watched clock = new Watched(processes.time);
        Duration maxWait = Duration.ofMillis(100);
        SnowflakeGenerator ids = processes
                .startAndSettle(processes.builder("one").maxWait(maxWait).timeSource(clock))
                .ids();
        long issued = 0;
        long refused = 0;
        for (int second = 0; second < 180; second++) {
            processes.pass(Duration.ofSeconds(1));
            processes.time.stepWall(Duration.ofSeconds(-1));
            if (issuesWithin(maxWait, ids, clock)) {
                issued++;
            } else {
                refused++;
            }
        }
        assertThat(issued).as("what was reserved is used").isGreaterThan(20);
        assertThat(refused).isPositive();
        processes.time.stepWall(Duration.ofMinutes(3));
        assertThat(firstId(ids, Duration.ofSeconds(10))).isPositive();
    }

    private boolean issuesWithin(Duration maxWait, SnowflakeGenerator ids, Watched clock) {
        clock.parks = 0;
        clock.readings = 0;
        long begun = processes.time.monotonicNanos();
        boolean issued = true;
        try {
            ids.nextId();
        } catch (IdUnavailableException e) {
            issued = false;
        }
        long took = processes.time.monotonicNanos() - begun;
        assertThat(took).as("nanoseconds that a call waits").isBetween(0L, maxWait.toNanos());
        assertThat(clock.readings).as("readings of the clock").isLessThan(20 * (clock.parks + 1));
        assertThat(clock.parks).isLessThanOrEqualTo(maxWait.toMillis() + 1);
        processes.time.stepWall(Duration.ofNanos(-took));
        return issued;
    }

    @Tag("T26")
    @Test
    void afterAClockThatWentBackByAnHourNobodyWaitsLongerThanMaxWaitAndNoLockIsHeldMeanwhile() {
        Watched clock = new Watched(processes.time);
        Duration maxWait = Duration.ofMillis(100);
        SnowflakeGenerator ids = processes
                .startAndSettle(processes.builder("one").maxWait(maxWait).timeSource(clock))
                .ids();
        processes.time.stepWall(Duration.ofHours(-1));
        boolean issued = true;
        for (int second = 0; issued && second < 120; second++) {
            processes.pass(Duration.ofSeconds(1));
            issued = issuesWithin(maxWait, ids, clock);
        }
        assertThat(issued).as("issued after the window's end").isFalse();
        List<Throwable> others = new ArrayList<>();
        clock.onPark = () -> others.add(refusalInAnotherThread(ids));
        assertRefused(ids, Reason.WINDOW_AHEAD);
        assertThat(others).singleElement().isInstanceOf(IdUnavailableException.class);
    }

    /** The clock is wrong when a window is to be extended. It must be read again before the window ends. */
    @ParameterizedTest
    @ValueSource(ints = {3, 8, 20})
    void aClockThatWasWrongForLessThanAWindowIsNotNoticedByCallers(int seconds) {
        SnowflakeGenerator ids =
                processes.startAndSettle(processes.builder("one")).ids();
        processes.time.stepWall(Duration.ofHours(-1));
        processes.pass(Duration.ofSeconds(seconds));
        processes.time.stepWall(Duration.ofHours(1));
        for (int second = 0; second < 60; second++) {
            assertThat(ids.nextId()).isPositive();
            processes.pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void aClockThatIsRightAgainAfterTheWindowsEndIsReadWithinASecond() {
        SnowflakeGenerator ids =
                processes.startAndSettle(processes.builder("one")).ids();
        for (int second = 0; second < 6; second++) {
            processes.time.stepWall(Duration.ofHours(-1));
            processes.pass(Duration.ofSeconds(60 + second));
            assertRefused(ids, Reason.WINDOW_AHEAD);
            processes.time.stepWall(Duration.ofHours(1));
            assertThat(firstId(ids, Duration.ofMillis(1_500))).isPositive();
            processes.pass(Duration.ofSeconds(10));
        }
    }

    private static Throwable refusalInAnotherThread(SnowflakeGenerator ids) {
        try {
            return CompletableFuture.supplyAsync(() -> catchThrowableOfType(IdUnavailableException.class, ids::nextId))
                    .get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            return e; // a timeout above all, if the other caller hangs
        }
    }

    @Tag("T38")
    @ParameterizedTest
    @ValueSource(ints = {-500, -12, 12, 500})
    void whileTheWallClockIsSlewedIdsStayInOrderAndWithinMillisecondsOfIt(int partsPerMillion) {
        SnowflakeGenerator ids =
                processes.startAndSettle(processes.builder("one")).ids();
        long last = 0;
        for (int second = 0; second < 300; second++) {
            processes.pass(Duration.ofSeconds(1));
            processes.time.stepWall(Duration.ofNanos(partsPerMillion * 1_000L));
            long id = ids.nextId();
            assertThat(id).isGreaterThan(last);
            assertThat(processes.layout.decode(id).timestamp())
                    .isBetween(processes.now().minusMillis(5), processes.now().plusMillis(5));
            last = id;
        }
    }

    @Tag("T38")
    @Test
    void aSecondThatTheWallClockCountsTwiceCostsNeitherOrderNorAnId() {
        SnowflakeGenerator ids =
                processes.startAndSettle(processes.builder("one")).ids();
        long last = 0;
        for (int i = 0; i < 1_000; i++) {
            processes.pass(Duration.ofMillis(10));
            if (i == 500) {
                processes.time.stepWall(Duration.ofSeconds(-1));
            }
            long id = ids.nextId();
            assertThat(id).isGreaterThan(last);
            last = id;
        }
        assertThat(processes.layout.decode(last).timestamp())
                .isBetween(processes.now(), processes.now().plusSeconds(1));
    }
}
