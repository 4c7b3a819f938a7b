package io.snowline.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.id.IdLayout;
import io.snowline.id.IdRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RangeInUseTest {

    private static final IdLayout LAYOUT = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
    private static final long SENT = -7_000; // nanoTime may be negative
    private static final long GOOD_FOR = 1_000_000_000;

    /** It crosses a tick's end. */
    private final IdRange range = new IdRange(LAYOUT, 401, (88L << 12) - 300, 1_000);

    private final RangeInUse inUse = new RangeInUse(range, SENT, GOOD_FOR);

    private long next(long nanos) {
        long taken = inUse.take();
        return taken >= 0 ? taken : inUse.redeem(~taken, nanos);
    }

    @Test
    void itHandsOutTheIdsOfTheRangeInOrderAndNoMore() {
        List<Long> ids = new ArrayList<>();
        for (long id = next(SENT); id >= 0; id = next(SENT + ids.size())) {
            ids.add(id);
        }

        assertThat(ids).containsExactlyElementsOf(range.ids().boxed().toList());
        assertThat(next(SENT)).isEqualTo(RangeInUse.NOTHING);
        assertThat(inUse.left(SENT)).isZero();
    }

    @Test
    void whileIdsAreTakenSlowlyNoneIsTakenWithoutReadingTheClock() {
        for (int i = 0; i < 500; i++) {
            long taken = inUse.take();
            assertThat(taken).isNegative();
            assertThat(inUse.redeem(~taken, SENT + 300L * i)).isPositive();
        }
    }

    @Test
    void inABurstOneOfSixtyFourReadsTheClock() {
        int looks = 0;
        for (int i = 0; i < 960; i++) {
            long taken = inUse.take();
            if (taken < 0) {
                looks++;
                assertThat(inUse.redeem(~taken, SENT + 10L * i)).isPositive();
            }
        }

        assertThat(looks).isEqualTo(64 + 1 + 960 / 64 - 2);
    }

    @Test
    void afterAPauseNothingStaleIsHandedOut() {
        assertThat(next(SENT)).isPositive();

        assertThat(next(SENT + GOOD_FOR)).isEqualTo(RangeInUse.NOTHING);
        assertThat(inUse.fill(new long[10], 0, 10, SENT + GOOD_FOR)).isZero();
        assertThat(inUse.left(SENT + GOOD_FOR)).isZero();
        assertThat(inUse.stale(SENT + GOOD_FOR - 1)).isFalse();
    }

    @Test
    void afterAPauseInABurstAtMostSixtyThreeAreStale() {
        for (int i = 0; i < 257; i++) {
            assertThat(next(SENT + 10L * i)).isPositive();
        }
        int stale = 0;
        while (next(SENT + 2 * GOOD_FOR) >= 0) {
            stale++;
        }

        assertThat(stale).isEqualTo(63);
    }

    @Test
    void anArrayIsFilledWithWhatIsLeft() {
        long[] ids = new long[1_500];
        next(SENT);

        assertThat(inUse.fill(ids, 100, 1_500, SENT)).isEqualTo(999);

        assertThat(ids[99]).isZero();
        assertThat(ids[100]).isEqualTo(range.id(1));
        assertThat(ids[1_098]).isEqualTo(range.last());
        assertThat(ids[1_099]).isZero();
        assertThat(inUse.fill(ids, 0, 1, SENT)).isZero();
    }

    @Test
    void itRunsLowAtHalfOfItsIdsOrThreeQuartersOfItsTime() {
        assertThat(inUse.runsLow(SENT + GOOD_FOR / 4 * 3 - 1)).isFalse();
        assertThat(inUse.runsLow(SENT + GOOD_FOR / 4 * 3)).isTrue();
        inUse.fill(new long[499], 0, 499, SENT);
        assertThat(inUse.runsLow(SENT)).isFalse();
        next(SENT);
        assertThat(inUse.runsLow(SENT)).isTrue();
    }

    @Test
    void onceSealedItHasNothing() {
        next(SENT);

        assertThat(inUse.seal()).isEqualTo(1);
        assertThat(next(SENT)).isEqualTo(RangeInUse.NOTHING);
        assertThat(inUse.fill(new long[10], 0, 10, SENT)).isZero();
    }

    @Test
    void noTwoThreadsGetTheSameId() throws Exception {
        int threads = 4;
        IdRange large = new IdRange(LAYOUT, 1, 77, 200_000);
        RangeInUse shared = new RangeInUse(large, System.nanoTime(), Long.MAX_VALUE / 4);
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<List<Long>>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            boolean batches = i == 0;
            all.add(pool.submit(() -> {
                go.await();
                return batches ? filled(shared) : taken(shared);
            }));
        }
        go.countDown();
        Set<Long> seen = new HashSet<>();
        int count = 0;
        for (Future<List<Long>> each : all) {
            assertThat(each.get()).isSorted();
            count += each.get().size();
            seen.addAll(each.get());
        }
        pool.shutdown();

        assertThat(count).isEqualTo(200_000);
        assertThat(seen).hasSize(200_000);
    }

    private static List<Long> taken(RangeInUse shared) {
        List<Long> ids = new ArrayList<>();
        while (true) {
            long taken = shared.take();
            long id = taken >= 0 ? taken : shared.redeem(~taken, System.nanoTime());
            if (id < 0) {
                return ids;
            }
            ids.add(id);
        }
    }

    private static List<Long> filled(RangeInUse shared) {
        List<Long> ids = new ArrayList<>();
        long[] batch = new long[37];
        for (int more = -1; more != 0; ) {
            more = shared.fill(batch, 0, batch.length, System.nanoTime());
            for (int i = 0; i < more; i++) {
                ids.add(batch[i]);
            }
        }
        return ids;
    }
}
