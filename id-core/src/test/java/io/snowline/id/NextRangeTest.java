package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.ReservationSettings;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.ManualTimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Positions in a row, for callers that compose the IDs themselves. */
class NextRangeTest {

    private static final Duration AFTER_THE_FLOOR =
            ReservationSettings.DEFAULT.ahead().plusMinutes(2);

    private final ManualTimeSource time = new ManualTimeSource(1_800_000_000_000L);
    private final ManualLoop loop = new ManualLoop(time);
    private final MemoryStore store = new MemoryStore(time::wallMillis);
    private final IdLayout layout = IdLayout.classic(IdLayout.DEFAULT_EPOCH);

    private SnowflakeGenerator.Builder builder() {
        return SnowflakeGenerator.builder(store, "orders")
                .layout(layout)
                .maxWait(Duration.ZERO)
                .timeSource(time)
                .random(new SplittableRandom(1))
                .loops(name -> loop);
    }

    private SnowflakeGenerator started(SnowflakeGenerator.Builder builder) {
        SnowflakeGenerator ids = builder.start();
        loop.pass(AFTER_THE_FLOOR);
        return ids;
    }

    @Test
    void aRangeHasAsManyPositionsAsAskedForAndTheNextIdFollowsIt() {
        SnowflakeGenerator ids = started(builder());
        long before = ids.nextId();

        IdRange range = ids.tryNextRange(65_536).orElseThrow();

        assertThat(range.count()).isEqualTo(65_536);
        assertThat(range.layout()).isEqualTo(layout);
        assertThat(range.node()).isEqualTo(layout.node(before));
        assertThat(range.position()).isEqualTo(layout.position(before) + 1);
        assertThat(layout.position(ids.nextId())).isEqualTo(range.position() + 65_536);
    }

    @Test
    void p1_noIdIsInTwoRangesOrInARangeAndIssued() {
        SnowflakeGenerator ids = started(builder().lanes(3).maxLead(Duration.ofMillis(20)));
        SplittableRandom random = new SplittableRandom(7);
        Set<Long> seen = new HashSet<>();
        long taken = 0;
        for (int i = 0; i < 300; i++) {
            List<Long> some = new ArrayList<>();
            if (random.nextInt(3) > 0) {
                ids.tryNextRange(random.nextInt(1, 2_000))
                        .ifPresent(range -> range.ids().forEach(some::add));
            } else {
                long[] batch = new long[random.nextInt(1, 2_000)];
                int issued = ids.tryNextIds(batch, 0, batch.length);
                for (int j = 0; j < issued; j++) {
                    some.add(batch[j]);
                }
            }
            taken += some.size();
            seen.addAll(some);
            loop.pass(Duration.ofMillis(random.nextInt(3)));
        }

        assertThat(taken).isGreaterThan(100_000);
        assertThat(seen).hasSize((int) taken);
    }

    @Test
    void p3_aRangeEndsWhereTheWindowDoes() {
        SnowflakeGenerator ids = started(builder().maxLead(Duration.ofHours(1)));
        store.up(false);
        long left = layout.scale().positionAt(ids.status().get(0).windowEnd().toEpochMilli())
                - layout.position(ids.nextId())
                - 1;

        IdRange range = ids.tryNextRange(Integer.MAX_VALUE).orElseThrow();

        assertThat(range.count()).isEqualTo((int) left);
        assertThat(ids.tryNextRange(1)).isEmpty();
    }

    @Test
    void aRangeReachesNoFurtherAheadThanIdsMay() {
        SnowflakeGenerator ids = started(builder().maxLead(Duration.ZERO));

        IdRange range = ids.tryNextRange(10_000).orElseThrow();

        assertThat(range.count()).isBetween(1, 4_096);
        assertThat(layout.decode(range.last()).timestamp().toEpochMilli()).isEqualTo(time.wallMillis());
        assertThat(ids.tryNextRange(1)).isEmpty();
    }

    @Test
    void withSeveralLanesARangeIsOfOneAndEachGivesItsOwn() {
        SnowflakeGenerator ids = started(builder().lanes(2).maxLead(Duration.ZERO));

        IdRange one = ids.tryNextRange(10_000).orElseThrow();
        IdRange other = ids.tryNextRange(10_000).orElseThrow();

        assertThat(one.node()).isNotEqualTo(other.node());
        assertThat(ids.tryNextRange(10_000)).isEmpty();
    }

    @Test
    void acrossAGapBetweenTwoWindowsThereAreTwoRanges() {
        SnowflakeGenerator ids = started(builder());
        store.up(false);
        loop.pass(ReservationSettings.DEFAULT.ahead().plusSeconds(60)); // the window ends, and the node id lapses
        assertThat(ids.tryNextRange(10)).isEmpty();
        store.up(true);
        loop.pass(Duration.ofSeconds(30));

        IdRange range = ids.tryNextRange(1_000_000).orElseThrow();

        assertThat(layout.decode(range.first()).timestamp().toEpochMilli()).isEqualTo(time.wallMillis());
    }

    @Test
    void aCallerThatWaitsGetsTheFirstPositionsThatMayBeIssued() {
        SnowflakeGenerator ids = started(builder().maxLead(Duration.ZERO));
        IdRange tick = ids.tryNextRange(10_000).orElseThrow();

        IdRange next = ids.nextRange(10_000, Duration.ofSeconds(1));

        assertThat(next.position()).isEqualTo(tick.position() + tick.count());
    }

    @Test
    void whoMustNotWaitIsToldTheReason() {
        SnowflakeGenerator ids = started(builder().maxLead(Duration.ZERO));
        assertThat(ids.tryNextRange(10_000)).isPresent();

        assertThatThrownBy(() -> ids.nextRange(1, Duration.ZERO))
                .isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.RATE_EXCEEDED));
    }

    @Test
    void aClosedGeneratorGivesNone() {
        SnowflakeGenerator ids = started(builder());
        ids.close();

        assertThat(ids.tryNextRange(1)).isEmpty();
        assertThatThrownBy(() -> ids.nextRange(1, Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.CLOSED));
    }

    @Test
    void aRangeOfNothingIsRefused() {
        SnowflakeGenerator ids = started(builder());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ids.tryNextRange(0))
                .withMessage("atMost must be at least 1, got 0");
    }
}
