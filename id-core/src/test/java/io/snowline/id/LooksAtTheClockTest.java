package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.ReservationSettings;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.ManualTimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Not every call reads the clock, and yet IDs carry the present. */
class LooksAtTheClockTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final Duration UNTIL_THE_LEAD_OF_A_FIRST_START_IS_GONE = Duration.ofMinutes(2);
    private static final int MOST_WITHOUT_A_LOOK = 511;

    private final ManualTimeSource time = new ManualTimeSource(NOW.toEpochMilli());
    private final ManualLoop loop = new ManualLoop(time);
    private final ManualLoop watchLoop = new ManualLoop(time);
    private final MemoryStore store = new MemoryStore(time::wallMillis);
    private final IdLayout layout = IdLayout.classic(IdLayout.DEFAULT_EPOCH);

    private SnowflakeGenerator started(Duration maxLead) {
        SnowflakeGenerator generator = SnowflakeGenerator.builder(store, "orders")
                .layout(layout)
                .maxLead(maxLead)
                .maxWait(Duration.ZERO)
                .timeSource(time)
                .random(new SplittableRandom(1))
                .reservation(ReservationSettings.DEFAULT)
                .loops(name -> name.endsWith("-watch") ? watchLoop : loop)
                .start();
        loop.pass(UNTIL_THE_LEAD_OF_A_FIRST_START_IS_GONE);
        return generator;
    }

    private long ticksBehind(long id) {
        return time.wallMillis() - layout.decode(id).timestamp().toEpochMilli();
    }

    /** Lets time pass in steps of a quarter tick, and lets the watch of the ceilings do its work. */
    private void pass(Duration elapsed) {
        for (long nanos = 0; nanos < elapsed.toNanos(); nanos += 250_000) {
            time.pass(Duration.ofNanos(250_000));
            watchLoop.run();
        }
    }

    private static void burst(SnowflakeGenerator ids) {
        for (int i = 0; i < 1_000; i++) {
            ids.nextId();
        }
    }

    @Test
    void theFirstIdAfterABurstAndARestCarriesThePresent() {
        SnowflakeGenerator ids = started(Duration.ofSeconds(1));
        for (int rest = 3; rest < 200; rest += 7) {
            burst(ids);
            pass(Duration.ofMillis(rest));
            assertThat(ticksBehind(ids.nextId())).isZero();
        }
    }

    @Test
    void noIdIsMoreThanTwoTicksBehindWhileABurstsRemainderIsDrawnSlowly() {
        SnowflakeGenerator ids = started(Duration.ofSeconds(1));
        for (int quarters = 1; quarters < 20; quarters++) {
            burst(ids);
            for (int i = 0; i < 300; i++) {
                pass(Duration.ofNanos(250_000L * quarters));
                assertThat(ticksBehind(ids.nextId())).isBetween(-1L, 2L);
            }
        }
    }

    @Test
    void everyCallLooksWhenCallsAreRareSoNobodyNeedsToWatch() {
        SnowflakeGenerator ids = started(Duration.ofSeconds(1));
        for (int perTick = 1; perTick <= 50; perTick++) {
            for (int i = 0; i < 200; i++) {
                assertThat(ticksBehind(ids.nextId()))
                        .as("a tick's first ID may lie near its end")
                        .isBetween(-1L, 0L);
                time.pass(Duration.ofNanos(1_000_000 / perTick));
            }
        }
        assertThat(watchLoop.idle()).isTrue();
    }

    @Test
    void afterAPauseOfTheWholeProcessNoMoreIdsAreLateThanOneAllowance() {
        SnowflakeGenerator ids = started(Duration.ofSeconds(1));
        burst(ids);
        time.pass(Duration.ofMillis(50));
        int late = 0;
        while (ticksBehind(ids.nextId()) > 2) {
            late++;
        }
        assertThat(late).isBetween(1, MOST_WITHOUT_A_LOOK);
    }

    @Test
    void aBurstThatEndsEarlyLeavesNoMoreThanItHasClaimed() {
        for (int burst = 1; burst < 300; burst++) {
            SnowflakeGenerator ids = started(Duration.ofSeconds(1));
            for (int i = 0; i < burst; i++) {
                ids.nextId();
            }
            time.pass(Duration.ofMillis(50));
            int late = 0;
            while (ticksBehind(ids.nextId()) > 2) {
                late++;
            }
            assertThat(late).isLessThanOrEqualTo(burst);
            ids.beginClose(() -> {});
        }
    }

    @Test
    void anIdleGeneratorCostsNothing() {
        SnowflakeGenerator ids = started(Duration.ofSeconds(1));
        burst(ids);
        assertThat(watchLoop.idle()).isFalse();
        pass(Duration.ofMillis(20));
        assertThat(watchLoop.idle()).isTrue();
        burst(ids);
        assertThat(watchLoop.idle()).isFalse();
    }

    @Test
    void aTimeThatJumpsForwardIsSeenByTheNextCall() {
        SnowflakeGenerator ids = started(Duration.ofSeconds(1));
        burst(ids);
        time.stepWall(Duration.ofSeconds(5));
        loop.pass(Duration.ofSeconds(1));
        burst(ids);
        Instant before = layout.decode(ids.nextId()).timestamp();
        loop.pass(Duration.ofSeconds(8));
        assertThat(layout.decode(ids.nextId()).timestamp()).isAfterOrEqualTo(before.plusSeconds(8));
    }

    @Test
    void noIdIsFurtherAheadThanMaxLead() {
        SnowflakeGenerator ids = started(Duration.ofMillis(3));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2_000_000; i++) {
            try {
                assertThat(ticksBehind(ids.nextId())).isGreaterThanOrEqualTo(-3);
            } catch (IdUnavailableException e) {
                assertThat(e.reason()).isEqualTo(Reason.RATE_EXCEEDED);
                pass(Duration.ofNanos(random.nextLong(10_000_000)));
                i += 10_000;
            }
        }
    }

    @Test
    void oneCallersIdsIncreaseWhateverItCallsAndHoweverTimePasses() {
        SnowflakeGenerator ids = started(Duration.ofSeconds(10));
        SplittableRandom random = new SplittableRandom(1);
        long last = 0;
        for (int i = 0; i < 300_000; i++) {
            long[] next = {0};
            switch (random.nextInt(500)) {
                case 0 -> pass(Duration.ofNanos(random.nextLong(3_000_000)));
                case 1 -> time.pass(Duration.ofNanos(random.nextLong(3_000_000)));
                case 2 -> next = new long[random.nextInt(1, 3_000)];
                default -> next = new long[] {ids.nextId()};
            }
            if (next.length > 1) {
                ids.nextIds(next);
            }
            for (long id : next) {
                assertThat(id == 0 || id > last).isTrue();
                last = Math.max(last, id);
            }
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aHundredThousandVirtualThreadsShareAGenerator() throws Exception {
        SnowflakeGenerator ids = started(Duration.ofSeconds(10));
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        ExecutorService threads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        List<Future<Boolean>> added = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            added.add(threads.submit(() -> seen.add(ids.nextId())));
        }
        for (Future<Boolean> each : added) {
            assertThat(each.get()).isTrue();
        }
        threads.shutdown();
    }

    @Tag("T28")
    @Tag("T29")
    @Test
    void manyThreadsThatComeAndGoNeverGetTheSameIdAndEachGetsThemInOrder() throws Exception {
        SnowflakeGenerator ids = started(Duration.ofSeconds(10));
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        for (int round = 0; round < 50; round++) {
            ExecutorService threads = Executors.newFixedThreadPool(4);
            List<Future<Boolean>> ordered = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ordered.add(threads.submit(() -> drawInOrder(ids, seen)));
            }
            pass(Duration.ofMillis(2));
            for (Future<Boolean> each : ordered) {
                assertThat(each.get()).isTrue();
            }
            threads.shutdown();
        }
        assertThat(seen).hasSize(50 * 4 * 2_000);
    }

    private static boolean drawInOrder(SnowflakeGenerator ids, Set<Long> seen) {
        long last = 0;
        for (int i = 0; i < 2_000; i++) {
            long id = ids.nextId();
            if (id <= last || !seen.add(id)) {
                return false;
            }
            last = id;
        }
        return true;
    }
}
