package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.NodeIdRange;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.id.Processes.Issuer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No ID at or below {@code startAbove}, in both modes, and uniqueness whatever each process has it set to. */
class StartAboveTest {

    private static final Duration AHEAD = Processes.SETTINGS.ahead();
    private static final NodeIdRange LOWEST_NODE_ID = new NodeIdRange(0, 0);

    private final Processes processes = new Processes();
    private final IdLayout layout = processes.layout;
    private final ManualLoop loop = new ManualLoop(processes.time);

    @BeforeEach
    void theStoreTellsNewFromLost() {
        processes.store.keepTraces();
    }

    /** Returns an ID of the middle of a tick, on a middle node id: a lower node id makes lower IDs in that tick. */
    private long idAt(Duration fromNow) {
        long smallest = layout.smallestId(processes.now().plus(fromNow));
        return layout.compose(layout.position(smallest) + 7, 600);
    }

    private SnowflakeGenerator.Builder leased(String label, long startAbove) {
        return processes.builder(label).startAbove(startAbove);
    }

    private RecordedIdGenerator recorded(String label, long startAbove, OptionalInt node) {
        RecordedIdGenerator.Builder builder = RecordedIdGenerator.builder(processes.store, "orders")
                .layout(layout)
                .reservation(Processes.SETTINGS)
                .nodeIds(new NodeIdRange(node.isPresent() ? 0 : 1, 9))
                .label(label)
                .startAbove(startAbove)
                .timeSource(processes.time)
                .random(new SplittableRandom(startAbove))
                .threads(Runnable::run)
                .loops(name -> loop);
        node.ifPresent(builder::node);
        RecordedIdGenerator ids = builder.start();
        loop.run();
        return ids;
    }

    private void close(RecordedIdGenerator ids) {
        assertThat(ids.beginClose(false, () -> {})).isTrue();
        loop.run();
    }

    private static List<Long> drawn(IdGenerator ids, int count) {
        long[] drawn = new long[count];
        ids.nextIds(drawn);
        return Arrays.stream(drawn).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {-3_600_000, -1, 0, 1, 2_000, 20_000})
    void everyIdOfLeasedModeLiesAboveIt(int fromNowMillis) {
        long startAbove = idAt(Duration.ofMillis(fromNowMillis));
        Issuer process = processes.start(leased("lowest", startAbove).nodeIds(LOWEST_NODE_ID));

        assertThat(drawn(process.ids(), 100)).isSorted().allMatch(id -> id > startAbove);

        processes.pass(AHEAD.multipliedBy(2));
        assertThat(layout.decode(process.ids().nextId()).timestamp())
                .as("time has caught up")
                .isEqualTo(processes.now());
    }

    @Test
    void theFirstIdIsAtMostOneTickAboveIt() {
        long startAbove = idAt(Duration.ofSeconds(20));
        Issuer process = processes.start(leased("first", startAbove));

        assertThat(layout.position(process.ids().nextId()))
                .isLessThan(layout.positionAbove(startAbove) + layout.scale().nextTick(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {-3_600_000, 0, 1, 20_000})
    void everyIdOfRecordedModeLiesAboveIt(int fromNowMillis) {
        long startAbove = idAt(Duration.ofMillis(fromNowMillis));

        assertThat(drawn(recorded("own node id", startAbove, OptionalInt.empty()), 5))
                .allMatch(id -> id > startAbove);
        assertThat(drawn(recorded("lowest node id", startAbove, OptionalInt.of(0)), 5))
                .isSorted()
                .allMatch(id -> id > startAbove);
    }

    @Test
    void processesWithDifferentOnesStayUnique() {
        List<Issuer> issuers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            NodeIdRange three = new NodeIdRange(0, 2); // half of the processes wait for a node id of the others
            long startAbove = idAt(Duration.ofSeconds(4L * i - 8));
            issuers.add(processes.start(leased("process " + i, startAbove).nodeIds(three)));
        }
        List<Long> ids = new ArrayList<>();
        for (int round = 0; round < 6; round++) {
            for (Issuer issuer : issuers.subList(0, 3)) {
                ids.addAll(drawn(issuer.ids(), 500));
            }
            processes.pass(Duration.ofMillis(50));
        }
        issuers.subList(0, 3).forEach(processes::close);
        processes.pass(Duration.ofSeconds(40));
        for (Issuer issuer : issuers.subList(3, 6)) {
            ids.addAll(drawn(issuer.ids(), 500));
        }

        assertThat(ids).hasSize(10_500).doesNotHaveDuplicates();
    }

    @Test
    void theNextOwnerOfANodeIdWithALowerOneStartsAboveTheMark() {
        Issuer ahead =
                processes.start(leased("ahead", idAt(Duration.ofSeconds(20))).nodeIds(LOWEST_NODE_ID));
        List<Long> before = drawn(ahead.ids(), 1_000);
        processes.close(ahead);
        Issuer next = processes.start(processes.builder("next").nodeIds(LOWEST_NODE_ID));

        assertThat(next.ids().nextId()).isGreaterThan(before.get(999));
    }

    @Test
    void processesInRecordedModeWithDifferentOnesStayUniqueOnOneNodeId() {
        List<Long> ids = new ArrayList<>();
        for (int fromNow : new int[] {-3_600, 10, -5, 20, 0}) {
            RecordedIdGenerator next = recorded("by turns", idAt(Duration.ofSeconds(fromNow)), OptionalInt.of(4));
            ids.addAll(drawn(next, 50));
            close(next);
        }

        assertThat(ids).hasSize(250).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void oneThatIsAsFarAheadAsAllowedIsWaitedFor() {
        Issuer process = processes.start(leased("early", idAt(AHEAD.minusMillis(2))));
        assertThatThrownBy(process.ids()::nextId)
                .isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.WINDOW_AHEAD));

        processes.pass(Duration.ofSeconds(6));

        assertThat(process.ids().nextId()).isPositive();
    }

    @Test
    void oneThatIsFurtherAheadIsRefusedWithTheInstant() {
        Instant tick = processes.now().plus(AHEAD);
        long startAbove = layout.largestId(tick);
        String message = "startAbove must lie at most ahead, %s, in the future, got %s, above which IDs begin at %s"
                .formatted(AHEAD, startAbove, tick.plusMillis(1));

        assertThatThrownBy(leased("far", startAbove)::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> recorded("far", startAbove, OptionalInt.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThat(processes.start(leased("near", startAbove - 1_000_000 * (1L << 22))))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE})
    void oneThatIsNoIdIsRefused(long startAbove) {
        assertThatThrownBy(leased("wrong", startAbove)::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "id must be from 0 to 9223372036854775807 in layout 41/10/12@1ms, got " + startAbove);
    }

    @Test
    void theEndOfTheLayoutIsNoExceptionOfTheRule() {
        assertThatThrownBy(leased("end", layout.lastId())::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(
                        "above which IDs begin at " + layout.scale().end());
    }
}
