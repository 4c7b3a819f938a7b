package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IdRangeTest {

    private static final IdLayout CLASSIC = IdLayout.classic(IdLayout.DEFAULT_EPOCH);

    /** From two positions before a tick's end to three after it. */
    private final IdRange range = new IdRange(CLASSIC, 401, (77L << 12) - 2, 5);

    @Test
    void itsIdsAreThoseOfItsPositions() {
        long[] expected = LongStream.range(0, 5)
                .map(i -> CLASSIC.compose((77L << 12) - 2 + i, 401))
                .toArray();

        assertThat(range.ids().toArray()).containsExactly(expected).isSorted().doesNotHaveDuplicates();
        assertThat(range.first()).isEqualTo(expected[0]);
        assertThat(range.id(3)).isEqualTo(expected[3]);
        assertThat(range.last()).isEqualTo(expected[4]);
    }

    @Test
    void itsIdsAreCopiedInOneStep() {
        long[] ids = new long[7];

        range.copyInto(ids, 1);

        assertThat(ids[0]).isZero();
        assertThat(ids[6]).isZero();
        assertThat(ids).contains(range.ids().toArray());
        assertThatThrownBy(() -> range.copyInto(ids, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void itsPartsHaveItsIdsAndEachOfThemOnce() {
        IdRange head = range.part(0, 2);
        IdRange tail = range.part(2, range.count());

        assertThat(LongStream.concat(head.ids(), tail.ids()).toArray())
                .containsExactly(range.ids().toArray());
        assertThatThrownBy(() -> range.part(2, 6)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> range.part(2, 2))
                .withMessage("count must be at least 1, got 0");
    }

    @Test
    void withinATickItsIdsAreConsecutiveNumbers() {
        IdRange tick = range.firstTick();

        assertThat(tick.count()).isEqualTo(2);
        assertThat(tick.last()).isEqualTo(tick.first() + 1);
        assertThat(range.id(2)).isGreaterThan(tick.last() + 1);
        assertThat(tick.firstTick()).isEqualTo(tick);
    }

    @Test
    void whatDoesNotFitTheLayoutIsRefused() {
        long end = CLASSIC.scale().endPosition();

        assertThat(new IdRange(CLASSIC, 0, end - 2, 2).last()).isLessThanOrEqualTo(CLASSIC.lastId());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IdRange(CLASSIC, 0, end - 2, 3))
                .withMessage("position + count must be at most %s in layout 41/10/12@1ms, got %s + 3", end, end - 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IdRange(CLASSIC, 0, -1, 1))
                .withMessageContaining("position must be from 0 to ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IdRange(CLASSIC, 1_024, 0, 1))
                .withMessageContaining("node must be from 0 to 1023");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IdRange(CLASSIC, 0, 0, 0))
                .withMessage("count must be at least 1, got 0");
        assertThatThrownBy(() -> range.id(5)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void everyLayoutsRangesHaveTheIdsThatItComposes() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 200; i++) {
            int nodeBits = random.nextInt(1, 11);
            int sequenceBits = random.nextInt(1, 20);
            IdLayout layout = new IdLayout(30, nodeBits, sequenceBits, Duration.ofMillis(10), IdLayout.DEFAULT_EPOCH);
            IdRange any = new IdRange(
                    layout,
                    random.nextInt(layout.nodeCount()),
                    random.nextLong(layout.scale().endPosition() - 5_000),
                    random.nextInt(1, 5_000));
            long[] ids = new long[any.count()];
            any.copyInto(ids, 0);

            assertThat(ids)
                    .containsExactly(LongStream.range(0, any.count())
                            .map(index -> layout.compose(any.position() + index, any.node()))
                            .toArray());
        }
    }
}
