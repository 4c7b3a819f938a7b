package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.lease.Window;
import io.snowline.time.TickScale;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LaneTest {

    private static final IdLayout LAYOUT = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
    private static final TickScale SCALE = LAYOUT.scale();
    private static final long TICK = 1L << SCALE.sequenceBits();
    private static final long MICRO = 1_000;

    private final Window window = new Window(5, 1_000 * TICK, 2_000 * TICK);
    private final Lane lane = new Lane(window, window.start(), LAYOUT, SCALE);
    private long nanos = 7_000_000_000L;

    /** Reads the clock again and again until positions may be claimed without reading it. */
    private long burst(long present, long limit) {
        long newest = Lane.NOTHING;
        for (int i = 0; i < 20; i++) {
            newest = look(present, limit, Lane.NOTHING);
        }
        assertThat(lane.ceiling()).isPositive();
        return newest;
    }

    private long look(long present, long limit, long ticket) {
        nanos += MICRO;
        return lane.take(lane.ceiling(), ticket, nanos, present, limit);
    }

    @Test
    void whatIsClaimedWithoutALookIsTheNextPositionAndItsId() {
        long newest = burst(1_000 * TICK, window.end());
        assertThat(lane.takeId()).isEqualTo(LAYOUT.idAt(newest + 1, 5));
        assertThat(lane.takeId()).isEqualTo(LAYOUT.idAt(newest + 2, 5));
    }

    @Test
    void nothingIsClaimedWithoutALookBeforeSomebodyHasLookedOften() {
        assertThat(lane.takeId()).isEqualTo(Lane.NOTHING);
        look(1_000 * TICK, window.end(), Lane.NOTHING);
        assertThat(lane.takeId()).isEqualTo(Lane.NOTHING);
    }

    @Test
    void p3_aCeilingReachesNeitherTheLimitNorTheNextTick() {
        long limit = 1_000 * TICK + 60;
        burst(1_000 * TICK, limit);
        int claimed = 0;
        while (lane.takeId() >= 0) {
            claimed++;
        }
        assertThat(lane.next()).isEqualTo(limit + 1);
        assertThat(claimed).isEqualTo(60 - 20);
    }

    @Test
    void whatIsClaimedAfterTheCeilingWasWithdrawnFailsEvenIfItWasReadBefore() {
        burst(1_000 * TICK, window.end());
        long readBefore = lane.ceiling();
        lane.withdraw();
        assertThat(lane.add(1)).isGreaterThanOrEqualTo(readBefore);
        assertThat(lane.takeId()).isEqualTo(Lane.NOTHING);
    }

    @Test
    void aCeilingIsNotPublishedWhenOneWasWithdrawnDuringTheLook() {
        burst(1_000 * TICK, window.end());
        long seen = lane.ceiling();
        lane.withdraw();
        nanos += MICRO;
        assertThat(lane.take(seen, Lane.NOTHING, nanos, 1_000 * TICK, window.end()))
                .isPositive();
        assertThat(lane.takeId()).isEqualTo(Lane.NOTHING);
    }

    @Test
    void aCeilingIsNotPublishedWhenAClosedOneWasWithdrawnDuringTheLook() {
        burst(1_000 * TICK, window.end());
        lane.withdraw();
        long seen = lane.ceiling();
        lane.withdraw();
        nanos += MICRO;
        assertThat(lane.take(seen, Lane.NOTHING, nanos, 1_000 * TICK, window.end()))
                .isPositive();
        assertThat(lane.takeId()).isEqualTo(Lane.NOTHING);
    }

    @Test
    void aTicketIsRedeemedOnceItsTickHasComeAndNothingIsLost() {
        long limit = 1_001 * TICK;
        long newest = burst(1_000 * TICK, limit);
        while (newest < limit - 1) {
            long id = lane.takeId();
            newest = id >= 0 ? LAYOUT.position(id) : look(1_000 * TICK, limit, id == Lane.NOTHING ? id : ~id);
        }
        long ticket = lane.next();
        assertThat(look(1_000 * TICK, limit, Lane.NOTHING)).isEqualTo(Lane.NOTHING);
        lane.refused(lane.ceiling(), limit);
        assertThat(lane.add(1)).isEqualTo(ticket);
        assertThat(look(1_001 * TICK, 1_002 * TICK, ticket)).isEqualTo(ticket);
        assertThat(look(1_001 * TICK, 1_002 * TICK, Lane.NOTHING)).isEqualTo(ticket + 1);
    }

    @Test
    void aTicketThatIsMoreThanTwoTicksOldIsNotRedeemedEvenWhileCallersHadToWait() {
        long ticket = lane.add(1);
        assertThat(lane.claim(1_004 * TICK, 1_005 * TICK, 2 * TICK)).isPositive();
        lane.refused(lane.ceiling(), 1_005 * TICK);
        assertThat(look(1_005 * TICK, 1_006 * TICK, ticket)).isGreaterThanOrEqualTo(1_005 * TICK);
    }

    @Test
    void positionsThatCallersCouldNotUseInTimeAreCarriedForTwoTicksAndNoLonger() {
        lane.claim(1_000 * TICK, 1_001 * TICK, TICK);
        lane.claim(1_000 * TICK, 1_001 * TICK, TICK);
        lane.refused(lane.ceiling(), 1_001 * TICK);
        assertThat(look(1_003 * TICK, 1_004 * TICK, Lane.NOTHING)).isEqualTo(1_001 * TICK);
        assertThat(lane.ceiling()).as("an old tick is claimed with a look only").isNotPositive();
        assertThat(look(1_004 * TICK, 1_005 * TICK, Lane.NOTHING)).isGreaterThanOrEqualTo(1_004 * TICK);
    }

    @Test
    void p7_aTicketIsWorthNothingOnceTheLaneIsSealed() {
        long ticket = lane.add(1);
        long newest = lane.seal();
        assertThat(newest).isEqualTo(ticket);
        assertThat(look(1_000 * TICK, window.end(), ticket)).isEqualTo(Lane.NOTHING);
        assertThat(lane.claim(1_000 * TICK, window.end(), 10)).isEqualTo(Lane.NOTHING);
    }

    @Test
    void p7_claimsThatWereRefusedAtTheWindowsEndDoNotCountAsStamped() {
        Window small = new Window(5, 1_000 * TICK, 1_000 * TICK + 10);
        Lane full = new Lane(small, small.start(), LAYOUT, SCALE);
        full.add(5_000);
        assertThat(full.newest()).isEqualTo(small.end() - 1);
        assertThat(full.seal()).isEqualTo(small.end() - 1);
    }

    @Test
    void p2_aWindowThatEndsBelowWhatWasStampedBeforeDoesNotHideIt() {
        Lane behind = new Lane(new Window(6, 1_000 * TICK, 1_001 * TICK), 1_500 * TICK, LAYOUT, SCALE);
        assertThat(behind.claim(1_000 * TICK, 1_001 * TICK, 1)).isEqualTo(Lane.NOTHING);
        assertThat(behind.newest()).isEqualTo(1_500 * TICK - 1);
        assertThat(behind.seal()).isEqualTo(1_500 * TICK - 1);
    }

    @Test
    void p7_nothingAboveWhatSealingReportsIsEverHandedOutHoweverThreadsInterleave() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        for (int round = 0; round < 3_000; round++) {
            Window extended = new Window(5, 1_000 * TICK, 1_000 * TICK + 300);
            Lane sealedSoon = new Lane(extended, extended.start(), LAYOUT, SCALE);
            CountDownLatch start = new CountDownLatch(3);
            List<Future<Set<Long>>> claims = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                claims.add(threads.submit(() -> claimUntilSealed(sealedSoon, start)));
            }
            Future<Long> newest = threads.submit(() -> {
                start.countDown();
                start.await();
                return sealedSoon.seal();
            });
            Set<Long> all = new HashSet<>();
            for (Future<Set<Long>> claim : claims) {
                for (long position : claim.get()) {
                    assertThat(all.add(position)).isTrue();
                    assertThat(position).isLessThanOrEqualTo(newest.get());
                }
            }
        }
        threads.shutdown();
    }

    private static Set<Long> claimUntilSealed(Lane from, CountDownLatch start) throws InterruptedException {
        Set<Long> positions = new HashSet<>();
        start.countDown();
        start.await();
        long now = 0;
        long ticket = Lane.NOTHING;
        for (int i = 0; i < 400 && !from.sealed(); i++) {
            long taken = from.takeId();
            if (taken >= 0) {
                positions.add(LAYOUT.position(taken));
                continue;
            }
            long ceiling = from.ceiling();
            ticket = taken == Lane.NOTHING ? ticket : ~taken;
            long position = from.take(
                    ceiling, ticket, now += MICRO, 1_000 * TICK, from.window().end());
            if (position != Lane.NOTHING) {
                positions.add(position);
                ticket = Lane.NOTHING;
            }
        }
        return positions;
    }
}
