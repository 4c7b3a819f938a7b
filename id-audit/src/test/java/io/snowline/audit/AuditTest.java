package io.snowline.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.id.IdLayout;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The findings of an audit, compared with a hash map, and the causes that it names. */
class AuditTest {

    private static final IdLayout LAYOUT = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final long NOON_TICK =
            Duration.between(IdLayout.DEFAULT_EPOCH, NOON).toMillis();

    @TempDir
    private Path directory;

    // ---- compared with a hash map ----

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void duplicatesAndTheirPlacesAreThoseThatAHashMapFinds(long seed) {
        Random random = new Random(seed);
        List<List<Long>> inputs = randomInputs(random);
        Map<Long, List<IdPosition>> places = places(inputs);

        AuditReport report = audit(1 + random.nextInt(300), inputs);

        Collection<List<IdPosition>> repeated =
                places.values().stream().filter(all -> all.size() > 1).toList();
        assertThat(report.count())
                .isEqualTo(inputs.stream().mapToLong(List::size).sum());
        assertThat(report.duplicates()).isEqualTo(repeated.size());
        assertThat(report.found().surplus())
                .isEqualTo(repeated.stream().mapToLong(all -> all.size() - 1).sum());
        assertThat(report.found().shown())
                .isEqualTo(places.entrySet().stream()
                        .filter(entry -> entry.getValue().size() > 1)
                        .limit(20)
                        .map(entry -> new Duplicate(
                                entry.getKey(),
                                entry.getValue().get(0),
                                entry.getValue().get(1),
                                entry.getValue().size()))
                        .toList());
        assertThat(report.explanations().stream().mapToLong(LikelyCause::pairs).sum())
                .isEqualTo(report.found().surplus());
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25})
    void countsStepsBackAndLeadAreThoseOfASimpleLoop(long seed) {
        Random random = new Random(seed);
        List<List<Long>> inputs = randomInputs(random);

        AuditReport report = audit(1 + random.nextInt(300), inputs);

        for (int i = 0; i < inputs.size(); i++) {
            assertThat(report.inputs().get(i).order().stepsBack()).isEqualTo(stepsBack(inputs.get(i)));
        }
        for (NodeTally tally : NodeTally.of(report.inputs())) {
            List<List<Long>> ofNode = inputs.stream()
                    .map(ids -> ids.stream()
                            .filter(id -> LAYOUT.node(id) == tally.node())
                            .toList())
                    .toList();
            assertThat(tally.count())
                    .isEqualTo(ofNode.stream().mapToLong(List::size).sum());
            assertThat(tally.stepsBack())
                    .isEqualTo(ofNode.stream().mapToLong(AuditTest::stepsBack).sum());
        }
        assertThat(report.found().ahead())
                .isEqualTo(inputs.stream()
                        .flatMap(List::stream)
                        .filter(id -> LAYOUT.decode(id).timestamp().isAfter(NOON))
                        .count());
    }

    private static List<List<Long>> randomInputs(Random random) {
        int ticks = 1 + random.nextInt(300);
        return IntStream.range(0, 1 + random.nextInt(4))
                .mapToObj(input -> random.longs(random.nextInt(1_000), 0, ticks)
                        .mapToObj(tick -> id(NOON_TICK - ticks / 2 + tick, random.nextInt(3), random.nextInt(5)))
                        .toList())
                .toList();
    }

    private static Map<Long, List<IdPosition>> places(List<List<Long>> inputs) {
        Map<Long, List<IdPosition>> places = new HashMap<>();
        for (int input = 0; input < inputs.size(); input++) {
            for (int index = 0; index < inputs.get(input).size(); index++) {
                places.computeIfAbsent(inputs.get(input).get(index), id -> new ArrayList<>())
                        .add(new IdPosition(input, index));
            }
        }
        return new TreeMap<>(places);
    }

    private static long stepsBack(List<Long> ids) {
        return IntStream.range(1, ids.size())
                .filter(i -> ids.get(i) <= ids.get(i - 1))
                .count();
    }

    // ---- causes ----

    @Test
    void twoProcessesWithOneNodeIdAreTwoOwners() {
        List<Long> one = LongStream.range(0, 1_000).mapToObj(i -> at(i * 2, 7)).toList();
        List<Long> other =
                LongStream.range(0, 1_000).mapToObj(i -> at(i * 3, 7)).toList();

        assertThat(causes(List.of(one, other))).containsExactly(Cause.TWO_OWNERS);
    }

    @Test
    void twoOwnersAreFoundInOneLogToo() {
        List<Long> log = new ArrayList<>();
        for (long i = 0; i < 1_000; i++) {
            log.add(at(i * 4, 7));
            log.add(at(i % 50 == 0 ? i * 4 : i * 4 - 3, 7));
        }

        assertThat(causes(List.of(log))).containsExactly(Cause.TWO_OWNERS);
    }

    @Test
    void idsThatComeAgainAfterAStepBackInTimeAreAClockSetBack() {
        List<Long> log = new ArrayList<>();
        LongStream.range(0, 6_000).forEach(i -> log.add(at(i, 7)));
        LongStream.range(1_000, 9_000).forEach(i -> log.add(at(i, 7)));

        AuditReport report = audit(1_000, List.of(log));

        assertThat(causes(report)).containsExactly(Cause.CLOCK_SET_BACK);
        assertThat(report.toString()).contains("steps back by 4.999 s at line 6001");
    }

    @Test
    void anotherNodeInTheLogDoesNotHideTheClock() {
        List<Long> log = new ArrayList<>();
        LongStream.range(0, 6_000).forEach(i -> log.addAll(List.of(at(i, 3), at(i - i % 7, 4), at(i, 7))));
        LongStream.range(5_000, 9_000).forEach(i -> log.addAll(List.of(at(i + 1_000, 3), at(i, 7))));

        assertThat(audit(1_000, List.of(log)).explanations())
                .filteredOn(explanation -> explanation.suspects().node() != 4)
                .containsExactly(new LikelyCause(
                        Cause.CLOCK_SET_BACK,
                        new DuplicateOrigin(7, 0, 0),
                        1_000,
                        new Duplicate(at(5_000, 7), new IdPosition(0, 15_002), new IdPosition(0, 18_001), 2)));
    }

    @Test
    void anInputWhoseIdsAreAllInAnotherIsACopy() {
        List<Long> ids =
                LongStream.range(0, 1_000).mapToObj(i -> at(i, (int) i % 3)).toList();

        assertThat(causes(List.of(ids, ids))).containsOnly(Cause.SAME_INPUT);
        assertThat(causes(List.of(ids, ids.subList(300, 400)))).containsOnly(Cause.SAME_INPUT);
        assertThat(causes(List.of(ids, List.of(ids.get(5))))).containsExactly(Cause.TWO_OWNERS);
    }

    @Test
    void idsFromTheFutureAreOfAnotherLayoutOrEpoch() {
        List<Long> one =
                LongStream.range(0, 100).mapToObj(i -> at(i * 100_000_000, 7)).toList();
        List<Long> other = List.of(one.get(1), at(5, 3));

        assertThat(causes(List.of(one, other))).containsExactly(Cause.OTHER_LAYOUT);
    }

    @Test
    void idsThatJumpByDaysAreOfAnotherLayoutOrEpoch() {
        List<Long> log = LongStream.range(0, 100)
                .mapToObj(i -> at(i % 2 == 0 ? i : i - 500_000_000, 7))
                .collect(Collectors.toCollection(ArrayList::new));
        log.add(log.get(50));

        assertThat(causes(List.of(log))).containsExactly(Cause.OTHER_LAYOUT);
    }

    // ---- the report ----

    @Test
    void theReportSaysWhatThereIs() {
        String report = audit(
                        2,
                        List.of(
                                List.of(id(NOON_TICK, 5, 0), id(NOON_TICK + 1_500, 5, 3), id(NOON_TICK, 6, 1)),
                                List.of()))
                .toString();

        assertThat(report.lines())
                .containsExactly(
                        "3 IDs, decimal in 2 inputs, layout 41/10/12@1ms, epoch 2025-01-01T00:00:00Z",
                        "",
                        "INPUT            IDS  OLDEST                    NEWEST                    STEPS BACK  LARGEST",
                        "input0             3  2026-11-23T12:00:00Z      2026-11-23T12:00:01.500Z           1  1.500 s at line 3",
                        "input1             0  -                         -                                  0  -",
                        "",
                        " NODE           IDS  OLDEST                    NEWEST                             AHEAD  STEPS BACK  LARGEST",
                        "    5             2  2026-11-23T12:00:00Z      2026-11-23T12:00:01.500Z         1.500 s           0  -",
                        "    6             1  2026-11-23T12:00:00Z      2026-11-23T12:00:00Z                   -           0  -",
                        "",
                        "1 ID ahead of 2026-11-23T12:00:00Z, by up to 1.500 s",
                        "no ID occurs more than once");
    }

    @Test
    void noMoreThanTwentyDuplicatesAreShown() {
        List<Long> ids = LongStream.range(0, 30).mapToObj(i -> at(i, 7)).toList();

        assertThat(audit(7, List.of(ids, ids, ids)).toString().lines())
                .contains(
                        "30 IDs occur more than once, with 60 occurrences too many",
                        "  " + ids.get(0)
                                + "  2026-11-23T11:00:00Z node 7 sequence 0: input0 line 1 and input1 line 1 and 1 more",
                        "  and 10 more such IDs")
                .filteredOn(line -> line.contains("sequence"))
                .hasSize(20);
    }

    @Test
    void aBadLineIsToldWithInputLineValueAndRule() {
        Input input = text("ids.txt", "1\n2\nthree\n");

        assertThatThrownBy(() -> setting(10).run(List.of(input)))
                .isInstanceOf(AuditException.class)
                .hasMessage("ids.txt, line 3: decimal ID must be 1 to 19 characters of 0123456789, got 'three'");
    }

    @Test
    void anIdOutsideTheLayoutIsToldWithInputLineValueAndRule() {
        IdLayout small = IdLayout.javaScriptSafe(IdLayout.DEFAULT_EPOCH);
        Audit audit = new Audit(small, IdEncoding.of("decimal"), directory, 10, Optional.of(NOON));

        assertThatThrownBy(() -> audit.run(List.of(text("ids.txt", "1\n9007199254740992\n"))))
                .hasMessage("ids.txt, line 2: id must be from 0 to 9007199254740991 in layout 38/7/8@10ms,"
                        + " got 9007199254740992");
    }

    @Test
    void anInputThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> setting(10).run(List.of(Input.file("nowhere.txt"))))
                .isInstanceOf(AuditException.class)
                .hasMessageStartingWith("nowhere.txt must be readable, but: ");
    }

    @Test
    void nodeIdsWithoutEndDoNotFillTheMemory() {
        IdLayout wide = new IdLayout(32, 30, 1, Duration.ofSeconds(1), IdLayout.DEFAULT_EPOCH);
        List<Long> ids = LongStream.range(0, 70_000).mapToObj(i -> i << 1).toList();
        Audit audit = new Audit(wide, IdEncoding.of("decimal"), directory, 10_000, Optional.of(NOON));

        AuditReport report = audit.run(List.of(input("ids.txt", ids)));

        assertThat(report.count()).isEqualTo(70_000);
        assertThat(report.toString()).contains("and 4464 IDs of more node ids than are told apart");
    }

    // ---- helpers ----

    /** An ID of the hour before noon. */
    private static long at(long millis, int node) {
        return id(NOON_TICK - 3_600_000 + millis, node, 0);
    }

    private static long id(long tick, int node, long sequence) {
        return LAYOUT.compose(tick, node, sequence);
    }

    private List<Cause> causes(List<List<Long>> inputs) {
        return causes(audit(100, inputs));
    }

    private static List<Cause> causes(AuditReport report) {
        return report.explanations().stream().map(LikelyCause::cause).toList();
    }

    private AuditReport audit(int runSize, List<List<Long>> inputs) {
        List<Input> named = new ArrayList<>();
        for (List<Long> ids : inputs) {
            named.add(input("input" + named.size(), ids));
        }
        return setting(runSize).run(named);
    }

    private Audit setting(int runSize) {
        return new Audit(LAYOUT, IdEncoding.of("decimal"), directory, runSize, Optional.of(NOON));
    }

    private static Input input(String name, List<Long> ids) {
        return text(name, ids.stream().map(id -> id + "\n").collect(Collectors.joining()));
    }

    private static Input text(String name, String text) {
        return new Input(name, () -> new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
