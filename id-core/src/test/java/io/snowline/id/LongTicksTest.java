package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.ManualTimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ticks that are longer than a burst may run ahead: each gives all of its IDs, no matter when the first one is asked
 * for.
 */
class LongTicksTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final int TICKS_UNTIL_NOTHING_IS_CARRIED = 4;
    private static final Duration UNTIL_THE_LEAD_OF_A_FIRST_START_IS_GONE = Duration.ofMinutes(3);

    private final ManualTimeSource time = new ManualTimeSource(NOW.toEpochMilli());
    private final ManualLoop loop = new ManualLoop(time);

    private SnowflakeGenerator started(Duration tick, int sequenceBits, Duration maxLead) {
        SnowflakeGenerator ids = SnowflakeGenerator.builder(new MemoryStore(time::wallMillis), "orders")
                .layout(new IdLayout(30, 6, sequenceBits, tick, IdLayout.DEFAULT_EPOCH))
                .maxLead(maxLead)
                .maxWait(Duration.ZERO)
                .timeSource(time)
                .random(new SplittableRandom(1))
                .loops(name -> loop)
                .start();
        loop.pass(UNTIL_THE_LEAD_OF_A_FIRST_START_IS_GONE);
        return ids;
    }

    /** Draws one by one until the rate is exceeded; returns how many IDs that were. */
    private static int drain(SnowflakeGenerator ids) {
        int drawn = 0;
        while (true) {
            try {
                long unused = ids.nextId();
                drawn++;
            } catch (IdUnavailableException e) {
                assertThat(e.reason()).isEqualTo(Reason.RATE_EXCEEDED);
                return drawn;
            }
        }
    }

    private void untilNextTick(Duration tick) {
        long millis = tick.toMillis();
        loop.pass(Duration.ofMillis(millis - (time.wallMillis() - IdLayout.DEFAULT_EPOCH.toEpochMilli()) % millis));
    }

    @ParameterizedTest
    @CsvSource({"PT2S, 4", "PT1.001S, 1", "PT5S, 10", "PT2S, 12"})
    void anIdleTickLongerThanMaxLeadGivesAllOfItsIds(Duration tick, int sequenceBits) {
        SnowflakeGenerator ids = started(tick, sequenceBits, Duration.ofSeconds(1));
        List<Integer> given = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            loop.pass(tick.multipliedBy(TICKS_UNTIL_NOTHING_IS_CARRIED));
            given.add(drain(ids));
        }
        assertThat(given).hasSize(8).containsOnly(1 << sequenceBits);
    }

    @Test
    void aBatchOfAWholeTickIsThereInEveryTickThatIsIdle() {
        Duration tick = Duration.ofSeconds(2);
        SnowflakeGenerator ids = started(tick, 4, Duration.ofSeconds(1));
        for (int i = 0; i < 20; i++) {
            untilNextTick(tick);
            assertThat(ids.tryNextIds(new long[16], 0, 16)).isEqualTo(16);
        }
    }

    @Test
    void whereTheSequenceCarriesOnLowTrafficIsStillSpread() {
        SnowflakeGenerator ids = started(Duration.ofSeconds(2), 4, Duration.ofSeconds(2));
        Set<Long> sequences = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            sequences.add(ids.layout().decode(ids.nextId()).sequence());
            loop.pass(Duration.ofSeconds(4));
        }
        assertThat(sequences).hasSize(16);
    }
}
