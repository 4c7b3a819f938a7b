package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.ReservationSettings;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.ManualTimeSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The call for callers that must not block, or that choose how long to wait. */
class TryNextIdsTest {

    private static final Duration AFTER_THE_FLOOR =
            ReservationSettings.DEFAULT.ahead().plusMinutes(2);
    private static final Duration MAX_WAIT = Duration.ofMillis(100);

    private final ManualTimeSource time = new ManualTimeSource(1_800_000_000_000L);
    private final ManualLoop loop = new ManualLoop(time);
    private final MemoryStore store = new MemoryStore(time::wallMillis);
    private final IdLayout layout = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
    private final SnowflakeGenerator ids = SnowflakeGenerator.builder(store, "orders")
            .layout(layout)
            .maxLead(Duration.ZERO)
            .maxWait(MAX_WAIT)
            .timeSource(time)
            .random(new SplittableRandom(1))
            .loops(name -> loop)
            .start();

    @Test
    void onlyTheGivenPartOfTheArrayIsFilled() {
        loop.pass(AFTER_THE_FLOOR);
        long[] some = new long[10];
        Arrays.fill(some, -1);

        assertThat(ids.tryNextIds(some, 2, 7)).isEqualTo(5);

        assertThat(Arrays.copyOfRange(some, 2, 7))
                .isSorted()
                .doesNotHaveDuplicates()
                .doesNotContain(-1);
        assertThat(some[1]).isEqualTo(-1);
        assertThat(some[7]).isEqualTo(-1);
    }

    @Test
    void aPartThatTheArrayDoesNotHaveIsRefusedAndNothingIsIssued() {
        loop.pass(AFTER_THE_FLOOR);
        long before = ids.nextId();
        long[] some = new long[10];

        assertThatThrownBy(() -> ids.tryNextIds(some, 5, 11)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ids.nextIds(some, 7, 5, MAX_WAIT)).isInstanceOf(IndexOutOfBoundsException.class);

        assertThat(some).containsOnly(0);
        assertThat(ids.nextId()).isEqualTo(before + 1);
    }

    @Test
    void noMoreAreIssuedThanTheTickHasLeftAndNobodyWaits() {
        loop.pass(AFTER_THE_FLOOR);
        long[] many = new long[10_000];
        long before = time.monotonicNanos();

        int issued = ids.tryNextIds(many, 0, many.length);

        assertThat(issued).isBetween(1, 4_096);
        assertThat(layout.decode(many[issued - 1]).sequence()).isEqualTo(4_095);
        assertThat(ids.tryNextIds(many, issued, many.length)).isZero();
        assertThat(time.monotonicNanos()).isEqualTo(before);
    }

    @Test
    void theRestFollowsTheFirstPart() {
        loop.pass(AFTER_THE_FLOOR);
        long[] many = new long[10_000];
        int issued = ids.tryNextIds(many, 0, many.length);

        ids.nextIds(many, issued, many.length, MAX_WAIT);

        assertThat(many).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void beforeThereIsALeaseNothingIsIssuedAndTheReasonIsTold() {
        store.up(false);

        assertThat(ids.tryNextIds(new long[1], 0, 1)).isZero();
        assertThatThrownBy(() -> ids.nextIds(new long[1], 0, 1, Duration.ZERO))
                .isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.STARTING));
    }

    @Test
    void aCallersOwnWaitGoesBeforeTheGenerators() {
        loop.pass(AFTER_THE_FLOOR);
        long[] tick = new long[5_000];
        int issued = ids.tryNextIds(tick, 0, tick.length);
        long before = time.monotonicNanos();

        assertThatThrownBy(() -> ids.nextIds(tick, issued, tick.length, Duration.ZERO))
                .isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.RATE_EXCEEDED));
        assertThat(time.monotonicNanos()).isEqualTo(before);
    }
}
