package io.snowline.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.id.IdLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HarvestTest {

    private static final IdLayout LAYOUT = new IdLayout(41, 2, 3, Duration.ofMillis(1), Instant.EPOCH);

    private final Harvest harvest = new Harvest();
    private final Harvest.Taker one = harvest.taker(LAYOUT, false);
    private final Harvest.Taker other = harvest.taker(LAYOUT, false);

    @Test
    void anIdThatTwoConnectionsHaveIsFound() {
        one.take(5, 7, 9);
        other.take(6, 7);
        assertThat(harvest.check()).isEqualTo(new Harvest.Verdict(5, 1, Optional.of(7L)));
    }

    @Test
    void idsThatAllDifferAreNoDuplicates() {
        one.take(LAYOUT.lastId(), 0, 9);
        one.take();
        other.take(1);
        assertThat(harvest.check()).isEqualTo(new Harvest.Verdict(4, 0, Optional.empty()));
    }

    @Test
    void everyRepetitionIsCountedHoweverRunsOverlap() {
        Random random = new Random(20261125);
        for (int round = 0; round < 2_000; round++) {
            Harvest some = new Harvest();
            Map<Long, Integer> occurrences = new HashMap<>();
            for (int batch = 0; batch < 1 + random.nextInt(8); batch++) {
                long from = random.nextInt(200);
                long[] ids = LongStream.range(from, from + 1 + random.nextInt(40))
                        .filter(id -> random.nextInt(10) > 0)
                        .toArray();
                some.taker(LAYOUT, false).take(ids);
                for (long id : ids) {
                    var unused = occurrences.merge(id, 1, Integer::sum);
                }
            }
            long expected = some.count() - occurrences.size();
            Harvest.Verdict verdict = some.check();
            assertThat(verdict.duplicates()).as("round " + round).isEqualTo(expected);
            assertThat(verdict.example()).satisfies(example -> assertThat(example.map(occurrences::get))
                    .isEqualTo(example.map(id -> Math.max(2, occurrences.get(id)))));
        }
    }

    @Test
    void anOlderIdOfTheSameNodeIdIsOutOfOrder() {
        one.take(LAYOUT.compose(9, 1, 0), LAYOUT.compose(8, 2, 7), LAYOUT.compose(8, 2, 7) + 1);
        assertThat(one.disorder()).isEmpty();
        one.take(LAYOUT.compose(9, 2, 3));
        assertThat(one.disorder()).isEmpty();
        one.take(LAYOUT.compose(9, 2, 2));
        assertThat(one.disorder()).isPresent();
        assertThat(other.disorder()).isEmpty();
    }

    @Test
    void withOneLaneAnOlderIdOfAnyNodeIdIsOutOfOrderUntilTheConnectionBreaks() {
        Harvest.Taker single = harvest.taker(LAYOUT, true);
        single.take(LAYOUT.compose(9, 1, 0), LAYOUT.compose(10, 0, 0));
        single.reconnected();
        single.take(LAYOUT.compose(8, 2, 0));
        assertThat(single.disorder()).isEmpty();
        single.take(LAYOUT.compose(7, 3, 0));
        assertThat(single.disorder()).isPresent();
    }
}
