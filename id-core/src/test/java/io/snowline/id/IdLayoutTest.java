package io.snowline.id;

import static java.time.temporal.ChronoUnit.MILLIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.snowline.time.TickScale;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdLayoutTest {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Instant EPOCH = IdLayout.DEFAULT_EPOCH;
    private static final IdLayout CLASSIC = IdLayout.classic(EPOCH);
    private static final IdLayout JAVA_SCRIPT_SAFE = IdLayout.javaScriptSafe(EPOCH);

    // ---- the presets, and the arithmetic in their Javadoc ----

    @Test
    void theDefaultEpochIsTheBeginningOf2025() {
        assertThat(IdLayout.DEFAULT_EPOCH).hasToString("2025-01-01T00:00:00Z");
    }

    @Test
    void theClassicLayoutIsAsDocumented() {
        assertThat(CLASSIC).isEqualTo(new IdLayout(41, 10, 12, MILLI, EPOCH));
        assertThat(CLASSIC.nodeCount()).isEqualTo(1024);
        assertThat(idsPerSecond(CLASSIC)).isEqualTo(4_096_000);
        assertThat(CLASSIC.lastId()).isEqualTo(Long.MAX_VALUE);
        assertThat(years(CLASSIC)).isEqualTo(69.7, Offset.offset(0.05));
        assertThat(CLASSIC.scale().end()).isEqualTo("2094-09-07T15:47:35.552Z");
        assertThat(CLASSIC.lastInstant()).isEqualTo("2094-09-07T15:47:35.551Z");
    }

    @Test
    void theClassicLayoutNeedsMoreThan53BitsSoon() {
        assertThat(CLASSIC.smallestId(EPOCH.plus(Duration.ofDays(30)))).isGreaterThan(1L << 53);
    }

    @Test
    void theJavaScriptSafeLayoutIsAsDocumented() {
        assertThat(JAVA_SCRIPT_SAFE).isEqualTo(new IdLayout(38, 7, 8, Duration.ofMillis(10), EPOCH));
        assertThat(JAVA_SCRIPT_SAFE.nodeCount()).isEqualTo(128);
        assertThat(idsPerSecond(JAVA_SCRIPT_SAFE)).isEqualTo(25_600);
        assertThat(JAVA_SCRIPT_SAFE.nodeCount() * idsPerSecond(JAVA_SCRIPT_SAFE))
                .isEqualTo(3_276_800);
        assertThat(years(JAVA_SCRIPT_SAFE)).isEqualTo(87.1, Offset.offset(0.05));
        assertThat(years(new IdLayout(38, 7, 8, MILLI, EPOCH))).isEqualTo(8.7, Offset.offset(0.05));
        assertThat(JAVA_SCRIPT_SAFE.scale().end()).isEqualTo("2112-02-09T13:44:29.440Z");
        assertThat(JAVA_SCRIPT_SAFE.lastInstant()).isEqualTo("2112-02-09T13:44:29.430Z");
    }

    @Tag("T30")
    @Test
    void javaScriptSafeIdsAreHeldExactlyByADouble() {
        long limit = 1L << 53;
        TickScale scale = JAVA_SCRIPT_SAFE.scale();
        assertThat(JAVA_SCRIPT_SAFE.compose(scale.lastTick(), 127, 255)).isEqualTo(limit - 1);
        assertThat(JAVA_SCRIPT_SAFE.largestId(JAVA_SCRIPT_SAFE.lastInstant())).isEqualTo(limit - 1);

        SplittableRandom random = new SplittableRandom(53);
        assertThat(random.longs(10_000, 0, scale.endPosition())
                        .map(position -> JAVA_SCRIPT_SAFE.compose(position, random.nextInt(128))))
                .allSatisfy(id -> {
                    assertThat(id).isBetween(0L, limit - 1);
                    assertThat((long) (double) id).isEqualTo(id);
                });
    }

    private static long idsPerSecond(IdLayout layout) {
        return (1L << layout.sequenceBits()) * 1000 / layout.tick().toMillis();
    }

    private static double years(IdLayout layout) {
        return layout.timeLeft(layout.epoch()).toMillis() / (365.2425 * 86_400_000);
    }

    // ---- valid and invalid layouts ----

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "61, 1, 1", "32, 30, 1", "1, 1, 61", "21, 21, 21", "41, 10, 12"})
    void anyBitsFrom1EachTo63TogetherAreAccepted(int timestampBits, int nodeBits, int sequenceBits) {
        IdLayout layout = new IdLayout(timestampBits, nodeBits, sequenceBits, MILLI, EPOCH);
        assertThat(layout.compose(layout.scale().lastTick(), layout.nodeCount() - 1, (1L << sequenceBits) - 1))
                .isEqualTo(layout.lastId());
    }

    @Tag("T18")
    @ParameterizedTest
    @CsvSource({
        "0, 10, 12, 'timestampBits must be at least 1, got 0'",
        "41, 0, 12, 'nodeBits must be at least 1, got 0'",
        "41, 10, 0, 'sequenceBits must be at least 1, got 0'",
        "-41, 10, 12, 'timestampBits must be at least 1, got -41'",
        "41, 12, 12, 'timestampBits + nodeBits + sequenceBits must be at most 63, got 41 + 12 + 12 = 65'",
        "41, 11, 12, 'timestampBits + nodeBits + sequenceBits must be at most 63, got 41 + 11 + 12 = 64'",
        "2147483647, 2147483647, 2147483647, 'timestampBits + nodeBits + sequenceBits must be at most 63,"
                + " got 2147483647 + 2147483647 + 2147483647 = 6442450941'",
        "1, 31, 1, 'nodeBits must be at most 30, got 31'"
    })
    void otherBitsAreRefused(int timestampBits, int nodeBits, int sequenceBits, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IdLayout(timestampBits, nodeBits, sequenceBits, MILLI, EPOCH))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.001S", "PT0.01S", "PT1S", "PT1H"})
    void aTickFrom1MsTo1HourIsAccepted(Duration tick) {
        assertThat(new IdLayout(20, 10, 12, tick, EPOCH).tick()).isEqualTo(tick);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-0.001S", "PT0.000999S", "PT0.0015S", "PT0.001000001S", "PT1H0.001S", "P1D"})
    void anotherTickIsRefused(Duration tick) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IdLayout(20, 10, 12, tick, EPOCH))
                .withMessageStartingWith("tick must be ")
                .withMessageEndingWith(", got " + tick);
    }

    @ParameterizedTest
    @CsvSource({"41, PT1H", "61, PT0.001S", "61, PT0.003S"})
    void lifetimesThatFitMillisecondsAreAccepted(int timestampBits, Duration tick) {
        assertThatNoException().isThrownBy(() -> new IdLayout(timestampBits, 1, 1, tick, EPOCH));
    }

    @ParameterizedTest
    @CsvSource({"42, PT1H", "60, PT1S", "61, PT0.004S"})
    void lifetimesBeyondAllMillisecondsAreRefused(int timestampBits, Duration tick) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IdLayout(timestampBits, 1, 1, tick, EPOCH))
                .withMessage(
                        "epoch + 2^timestampBits * tick must be at most +292278994-08-17T07:12:55.807Z,"
                                + " got 2025-01-01T00:00:00Z + 2^%s * %s",
                        timestampBits, tick);
    }

    @Test
    void anEpochMustBeAWholeMillisecondWithinReach() {
        Instant odd = EPOCH.plusNanos(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IdLayout.classic(odd))
                .withMessage("epoch must be a whole number of milliseconds, got " + odd);
        assertThatIllegalArgumentException().isThrownBy(() -> IdLayout.classic(Instant.MAX.truncatedTo(MILLIS)));
        assertThatIllegalArgumentException().isThrownBy(() -> IdLayout.classic(Instant.MIN));
        assertThatNoException().isThrownBy(() -> IdLayout.classic(Instant.EPOCH.minusMillis(1)));
    }

    @Test
    void missingPartsAreRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> new IdLayout(41, 10, 12, null, EPOCH))
                .withMessage("tick");
        assertThatNullPointerException()
                .isThrownBy(() -> new IdLayout(41, 10, 12, MILLI, null))
                .withMessage("epoch");
    }

    // ---- the descriptor ----

    @Test
    void theDescriptorIsWhatStoresHoldAndNeverChanges() {
        assertThat(CLASSIC.descriptor()).isEqualTo("41/10/12@1ms");
        assertThat(JAVA_SCRIPT_SAFE.descriptor()).isEqualTo("38/7/8@10ms");
        assertThat(new IdLayout(20, 1, 1, Duration.ofHours(1), EPOCH).descriptor())
                .isEqualTo("20/1/1@3600000ms");
    }

    @Test
    void theDescriptorLeavesOutTheEpochAndOnlyIt() {
        assertThat(IdLayout.classic(Instant.EPOCH).descriptor()).isEqualTo(CLASSIC.descriptor());
        assertThat(Stream.of(
                                CLASSIC,
                                new IdLayout(40, 10, 12, MILLI, EPOCH),
                                new IdLayout(41, 9, 12, MILLI, EPOCH),
                                new IdLayout(41, 10, 11, MILLI, EPOCH),
                                new IdLayout(41, 10, 12, Duration.ofMillis(2), EPOCH))
                        .map(IdLayout::descriptor))
                .doesNotHaveDuplicates();
    }

    // ---- composing and decoding ----

    @Test
    void anIdIsTimestampThenNodeThenSequence() {
        assertThat(CLASSIC.compose(1, 0, 0)).isEqualTo(1L << 22);
        assertThat(CLASSIC.compose(0, 1, 0)).isEqualTo(1L << 12);
        assertThat(CLASSIC.compose(0, 0, 1)).isEqualTo(1);
        assertThat(CLASSIC.compose(3, 5, 7)).isEqualTo(3L << 22 | 5 << 12 | 7);
        assertThat(CLASSIC.compose(3L << 12 | 7, 5)).isEqualTo(CLASSIC.compose(3, 5, 7));
    }

    @Test
    void anIdIsTakenApart() {
        long id = CLASSIC.compose(59_806_800_123L, 5, 12);
        assertThat(CLASSIC.decode(id)).isEqualTo(new DecodedId(id, Instant.parse("2026-11-24T05:00:00.123Z"), 5, 12));
    }

    @Tag("T18")
    @Test
    void partsOutsideTheirRangeAreRefused() {
        assertRefused(() -> CLASSIC.compose(-1, 0, 0), "tick must be from 0 to 2199023255551 in layout %s, got -1");
        assertRefused(
                () -> CLASSIC.compose(1L << 41, 0, 0),
                "tick must be from 0 to 2199023255551 in layout %s, got 2199023255552");
        assertRefused(() -> CLASSIC.compose(0, -1, 0), "node must be from 0 to 1023 in layout %s, got -1");
        assertRefused(() -> CLASSIC.compose(0, 1024, 0), "node must be from 0 to 1023 in layout %s, got 1024");
        assertRefused(() -> CLASSIC.compose(0, 0, -1), "sequence must be from 0 to 4095 in layout %s, got -1");
        assertRefused(() -> CLASSIC.compose(0, 0, 4096), "sequence must be from 0 to 4095 in layout %s, got 4096");
        assertRefused(() -> CLASSIC.compose(-1, 0), "position must be from 0 to 9007199254740991 in layout %s, got -1");
        assertRefused(
                () -> CLASSIC.compose(1L << 53, 0),
                "position must be from 0 to 9007199254740991 in layout %s, got 9007199254740992");
        assertRefused(() -> CLASSIC.compose(0, 1024), "node must be from 0 to 1023 in layout %s, got 1024");
    }

    private static void assertRefused(Runnable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message, CLASSIC.descriptor());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 1L << 53, Long.MAX_VALUE})
    void idsOutsideTheLayoutAreRefused(long id) {
        String message = "id must be from 0 to 9007199254740991 in layout 38/7/8@10ms, got " + id;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JAVA_SCRIPT_SAFE.decode(id))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JAVA_SCRIPT_SAFE.position(id))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JAVA_SCRIPT_SAFE.node(id))
                .withMessage(message);
    }

    @Test
    void aBatchIsWrittenToItsPlaceInTheArray() {
        long[] ids = new long[6];
        CLASSIC.idsAt(4094, 9, ids, 1, 4);
        assertThat(ids)
                .containsExactly(
                        0,
                        CLASSIC.compose(0, 9, 4094),
                        CLASSIC.compose(0, 9, 4095),
                        CLASSIC.compose(1, 9, 0),
                        CLASSIC.compose(1, 9, 1),
                        0);
    }

    @Test
    void aLongBatchIsWrittenAsOneByOne() {
        int count = 10_000;
        for (IdLayout layout : List.of(CLASSIC, new IdLayout(36, 1, 26, Duration.ofMillis(1), Instant.EPOCH))) {
            long first = (5L << layout.sequenceBits()) - 4_321;
            long[] ids = new long[count + 2];
            layout.idsAt(first, 1, ids, 1, count);

            assertThat(ids).startsWith(0).endsWith(0);
            assertThat(LongStream.of(ids).skip(1).limit(count))
                    .containsExactlyElementsOf(LongStream.range(first, first + count)
                            .mapToObj(position -> layout.idAt(position, 1))
                            .toList());
        }
    }

    // ---- time ----

    @Test
    void aRangeOfIdsIsARangeOfTime() {
        Instant noon = Instant.parse("2026-11-23T12:00:00Z");
        long id = JAVA_SCRIPT_SAFE.smallestId(noon);
        assertThat(JAVA_SCRIPT_SAFE.decode(id)).isEqualTo(new DecodedId(id, noon, 0, 0));
        assertThat(JAVA_SCRIPT_SAFE.largestId(noon)).isEqualTo(id + 128 * 256 - 1);
        assertThat(JAVA_SCRIPT_SAFE.smallestId(noon.plusNanos(9_999_999))).isEqualTo(id);
        assertThat(JAVA_SCRIPT_SAFE.largestId(noon.minusNanos(1))).isEqualTo(id - 1);
    }

    @Test
    void instantsOutsideTheLayoutAreRefused() {
        Instant end = JAVA_SCRIPT_SAFE.scale().end();
        assertThat(JAVA_SCRIPT_SAFE.smallestId(EPOCH)).isZero();
        assertThat(JAVA_SCRIPT_SAFE.largestId(end.minusNanos(1))).isEqualTo(JAVA_SCRIPT_SAFE.lastId());
        for (Instant outside : new Instant[] {Instant.MIN, EPOCH.minusNanos(1), end, Instant.MAX}) {
            String message = "instant must be from 2025-01-01T00:00:00Z to before 2112-02-09T13:44:29.440Z"
                    + " in layout 38/7/8@10ms, got " + outside;
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> JAVA_SCRIPT_SAFE.smallestId(outside))
                    .withMessage(message);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> JAVA_SCRIPT_SAFE.largestId(outside))
                    .withMessage(message);
        }
    }

    @Test
    void timeLeftEndsAtZero() {
        Instant end = CLASSIC.scale().end();
        assertThat(CLASSIC.timeLeft(end.minusSeconds(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(CLASSIC.timeLeft(end.minusNanos(1))).isEqualTo(Duration.ofNanos(1));
        assertThat(CLASSIC.timeLeft(end)).isZero();
        assertThat(CLASSIC.timeLeft(Instant.MAX)).isZero();
        assertThat(CLASSIC.timeLeft(Instant.MIN)).isPositive();
    }

    // ---- properties of random layouts ----

    /** A layout, the seed that it came from, and other values drawn from the seed. */
    private record Sample(long seed, IdLayout layout, SplittableRandom random) {

        static Sample of(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            int timestampBits = random.nextInt(1, 62);
            int nodeBits = random.nextInt(1, Math.min(30, 62 - timestampBits) + 1);
            int sequenceBits = random.nextInt(1, 63 - timestampBits - nodeBits + 1);
            long longestTick = Math.min(3_600_000, 1L << (62 - timestampBits));
            Duration tick = Duration.ofMillis(random.nextLong(1, longestTick + 1));
            Instant epoch = Instant.ofEpochMilli(random.nextLong(-(1L << 42), 1L << 42));
            return new Sample(seed, new IdLayout(timestampBits, nodeBits, sequenceBits, tick, epoch), random);
        }

        /** Ticks at both ends, in the middle of the range and of every magnitude. */
        LongStream ticks() {
            long last = layout.scale().lastTick();
            LongStream edges = LongStream.of(0, 1, last / 2, last - 1, last);
            return LongStream.concat(edges, some(layout.timestampBits())).filter(tick -> tick >= 0);
        }

        private LongStream some(int bits) {
            return random.longs(20).map(any -> any >>> (64 - random.nextInt(1, bits + 1)));
        }

        int node() {
            int last = layout.nodeCount() - 1;
            return random.nextInt(4) == 0 ? last : random.nextInt(last + 1);
        }

        long sequence() {
            long last = lastSequence(layout);
            return random.nextInt(4) == 0 ? last : random.nextLong(last + 1);
        }

        @Override
        public String toString() {
            return "seed " + seed + ": " + layout;
        }
    }

    /** Checks a property of 500 layouts; a failure shows the seed. */
    private static void forEachSample(Consumer<Sample> property) {
        assertThat(LongStream.range(0, 500).mapToObj(Sample::of)).allSatisfy(property);
    }

    @Tag("T31")
    @Test
    void whatIsComposedIsDecoded() {
        forEachSample(sample -> {
            IdLayout layout = sample.layout();
            sample.ticks().forEach(tick -> {
                int node = sample.node();
                long sequence = sample.sequence();
                long id = layout.compose(tick, node, sequence);
                long position = tick << layout.sequenceBits() | sequence;

                Instant timestamp = layout.epoch().plus(layout.tick().multipliedBy(tick));
                assertThat(layout.decode(id)).isEqualTo(new DecodedId(id, timestamp, node, sequence));
                assertThat(id).isBetween(0L, layout.lastId());
                assertThat(layout.position(id)).isEqualTo(position);
                assertThat(layout.node(id)).isEqualTo(node);
                assertThat(layout.compose(position, node)).isEqualTo(id);
            });
        });
    }

    @Test
    void anyIdOfTheLayoutIsComposedAgainFromItsParts() {
        forEachSample(sample -> {
            IdLayout layout = sample.layout();
            LongStream random = sample.random().longs(50).map(any -> any & layout.lastId());
            LongStream.concat(LongStream.of(0, layout.lastId()), random).forEach(id -> {
                DecodedId decoded = layout.decode(id);
                assertThat(layout.compose(layout.position(id), decoded.node())).isEqualTo(id);
                assertThat(decoded.timestamp()).isBetween(layout.firstInstant(), layout.lastInstant());
            });
        });
    }

    @Test
    void idsOfOneNodeSortLikeTheirPositions() {
        forEachSample(sample -> {
            IdLayout layout = sample.layout();
            int node = sample.node();
            long[] positions = LongStream.concat(
                            sample.random()
                                    .longs(50)
                                    .map(any -> any & (layout.scale().endPosition() - 1)),
                            LongStream.of(0, 1, layout.scale().endPosition() - 1))
                    .sorted()
                    .distinct()
                    .toArray();
            long[] ids =
                    LongStream.of(positions).map(at -> layout.compose(at, node)).toArray();
            assertThat(ids).isSorted().doesNotHaveDuplicates();
        });
    }

    @Test
    void idsOfAllNodesSortLikeTheirTicks() {
        forEachSample(sample -> {
            IdLayout layout = sample.layout();
            long[] ticks = sample.ticks().sorted().distinct().toArray();
            long[] ids = LongStream.of(ticks)
                    .map(tick -> layout.compose(tick, sample.node(), sample.sequence()))
                    .toArray();
            assertThat(ids).isSorted().doesNotHaveDuplicates();
        });
    }

    @Test
    void theIdsOfATickLieBetweenItsSmallestAndLargest() {
        forEachSample(sample -> {
            IdLayout layout = sample.layout();
            sample.ticks().forEach(tick -> {
                Instant begin = layout.epoch().plus(layout.tick().multipliedBy(tick));
                Instant end = begin.plus(layout.tick());
                long smallest = layout.smallestId(begin);
                long largest = layout.largestId(begin);

                assertThat(layout.compose(tick, sample.node(), sample.sequence()))
                        .isBetween(smallest, largest);
                assertThat(smallest).isEqualTo(layout.compose(tick, 0, 0));
                assertThat(largest).isEqualTo(layout.compose(tick, layout.nodeCount() - 1, lastSequence(layout)));
                assertThat(layout.smallestId(end.minusNanos(1))).isEqualTo(smallest);
                assertThat(layout.largestId(end.minusNanos(1))).isEqualTo(largest);
                if (tick < layout.scale().lastTick()) {
                    assertThat(layout.smallestId(end)).isEqualTo(largest + 1);
                } else {
                    assertThat(end).isEqualTo(layout.scale().end());
                    assertThat(largest).isEqualTo(layout.lastId());
                }
            });
        });
    }

    private static long lastSequence(IdLayout layout) {
        return (1L << layout.sequenceBits()) - 1;
    }

    @Test
    void theFirstAndLastInstantAreThoseOfTheFirstAndLastId() {
        forEachSample(sample -> {
            IdLayout layout = sample.layout();
            assertThat(layout.decode(0).timestamp()).isEqualTo(layout.firstInstant());
            assertThat(layout.decode(layout.lastId()).timestamp()).isEqualTo(layout.lastInstant());
            assertThat(layout.timeLeft(layout.lastInstant())).isEqualTo(layout.tick());
        });
    }
}
