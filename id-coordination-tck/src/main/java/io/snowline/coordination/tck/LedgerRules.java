package io.snowline.coordination.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Recorded;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class LedgerRules extends Rules {

    private static final Optional<Duration> FOR_EVER = Optional.empty();
    private static final int NODE = 7;
    private static final int THREADS = 8;
    private static final int COORDINATORS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    LedgerRules(NodeCoordinatorContract hooks) {
        super(hooks);
    }

    @Test
    @DisplayName("C10 ledger: there is one where the backend says so")
    public final void isThereWhereItIsSaidToBe() {
        assertThat(coordinator().ledger(namespace).isPresent())
                .as("the coordinator has a ledger")
                .isEqualTo(has(Feature.LEDGER));
    }

    @Test
    @DisplayName("C10 ledger: an ID is accepted once, also by another coordinator, also after opening again")
    public final void acceptsAnIdOnce() {
        assumeHas(Feature.LEDGER);
        long id = 7244000000000000001L;

        assertThat(ledger().record(new long[] {id}, FOR_EVER))
                .as("recorded before, a new ID")
                .isEmpty();
        assertThat(ledger().record(new long[] {id}, FOR_EVER))
                .as("recorded before")
                .containsExactly(id);
        assertThat(ledgerOf(open()).record(new long[] {id}, FOR_EVER))
                .as("recorded before")
                .containsExactly(id);
        reopen();
        assertThat(ledger().record(new long[] {id}, FOR_EVER))
                .as("recorded before")
                .containsExactly(id);
    }

    @Test
    @DisplayName("C10 ledger: of a batch, those recorded before are named in order, and the others are recorded")
    public final void namesWhatWasRecordedBefore() {
        assumeHas(Feature.LEDGER);
        ledger().record(new long[] {5, 3}, FOR_EVER);

        assertThat(ledger().record(new long[] {9, 5, 4, 3, 1}, FOR_EVER))
                .as("recorded before")
                .containsExactly(5, 3);
        assertThat(ledger().record(new long[] {1, 4, 9}, FOR_EVER))
                .as("recorded before")
                .containsExactly(1, 4, 9);
    }

    @Test
    @DisplayName("C10 ledger: the smallest and the largest IDs, and large batches of neighbours, are told apart")
    public final void tellsExtremeIdsApart() {
        assumeHas(Feature.LEDGER);
        long[] extremes = {0, 1, 10, 11, (1L << 53) + 1, (1L << 53) + 2, Long.MAX_VALUE - 1, Long.MAX_VALUE};
        long[] neighbours = LongStream.range(1L << 60, (1L << 60) + 3000).toArray();

        assertThat(ledger().record(extremes, FOR_EVER))
                .as("recorded before, new IDs")
                .isEmpty();
        assertThat(ledger().record(extremes, FOR_EVER)).as("recorded before").containsExactly(extremes);
        assertThat(ledger().record(neighbours, FOR_EVER))
                .as("recorded before, new IDs")
                .isEmpty();
        assertThat(ledger().record(neighbours, FOR_EVER)).as("recorded before").containsExactly(neighbours);
    }

    @Test
    @DisplayName("C10 ledger: of many that record the same IDs at the same time, each ID is accepted from one")
    public final void acceptsEachIdFromOne() throws Exception {
        assumeHas(Feature.LEDGER);
        List<NodeCoordinator> coordinators = open(COORDINATORS);
        for (int round = 0; round < 25; round++) {
            long[] ids = LongStream.range(round * 5L, round * 5L + 5).toArray();
            List<long[]> refused = Together.run(THREADS, thread -> {
                IdLedger ledger = ledgerOf(coordinators.get(thread % COORDINATORS));
                return () -> ledger.record(ids, FOR_EVER);
            });
            for (long id : ids) {
                assertThat(refused)
                        .as("threads, of %s, that may hand out ID %s", THREADS, id)
                        .filteredOn(those -> LongStream.of(those).noneMatch(one -> one == id))
                        .hasSize(1);
            }
        }
    }

    @Test
    @DisplayName("C10 ledger: an ID is refused for as long as its record is kept")
    public final void refusesForAsLongAsItKeeps() throws Exception {
        assumeHas(Feature.LEDGER);
        ledger().record(new long[] {1}, FOR_EVER);
        ledger().record(new long[] {2}, Optional.of(Duration.ofHours(1)));
        hooks().elapse(Duration.ofSeconds(2));

        assertThat(ledger().record(new long[] {1, 2}, FOR_EVER))
                .as("recorded before")
                .containsExactly(1, 2);
    }

    @Test
    @DisplayName("C10 ledger: a record that is kept for a time is gone some time after")
    public final void forgetsWhenTold() throws Exception {
        assumeHas(Feature.LEDGER);
        Duration keep = Duration.ofSeconds(1);
        ledger().record(new long[] {1}, Optional.of(keep));

        Duration waited = Duration.ZERO;
        while (ledger().recordedAt(1).isPresent() && waited.compareTo(PATIENCE) < 0) {
            hooks().elapse(keep);
            waited = waited.plus(keep);
        }
        assertThat(ledger().record(new long[] {1}, FOR_EVER))
                .as("recorded before, %s after it was to be kept for %s", waited, keep)
                .isEmpty();
    }

    @Test
    @DisplayName("C10 ledger: the time of a record is that of the first attempt")
    public final void tellsWhenAnIdWasRecorded() throws Exception {
        assumeHas(Feature.LEDGER);
        assertThat(ledger().recordedAt(1))
                .as("time of an ID that was not recorded")
                .isEmpty();
        Optional<Instant> before = read().time();
        ledger().record(new long[] {1}, FOR_EVER);
        Optional<Instant> after = read().time();
        Instant recorded = ledger().recordedAt(1).orElseThrow();
        hooks().elapse(Duration.ofSeconds(2));
        ledger().record(new long[] {1}, FOR_EVER);

        assertThat(ledger().recordedAt(1))
                .as("time of the record, after a second attempt")
                .contains(recorded);
        before.ifPresent(time -> assertThat(recorded)
                .as("time of the record, on the backend's clock")
                .isBetween(time.minusSeconds(1), after.orElseThrow().plusSeconds(1)));
    }

    @Test
    @DisplayName("C10 ledger: IDs are recorded with the step that reserves them")
    public final void recordsWithAStepThatIsApplied() {
        assumeHas(Feature.LEDGER);
        fixNamespace();
        ledger().record(new long[] {4}, FOR_EVER);
        NodeRecord next = Samples.nodeRecord(NODE, 100);
        Recorded recorded =
                coordinator().replaceAndRecord(namespace, nodeStep(read(), next), new long[] {3, 4, 5}, FOR_EVER);

        assertThat(applied(recorded.replaced()).node(NODE).map(Stored::record)).contains(next);
        assertThat(recorded.refused()).as("recorded before").containsExactly(4);
        assertThat(ledger().record(new long[] {3, 5}, FOR_EVER))
                .as("recorded before, with the step")
                .containsExactly(3, 5);
    }

    @Test
    @DisplayName("C10 ledger: nothing is recorded with a step that is refused")
    public final void recordsNothingWithAStepThatIsRefused() {
        assumeHas(Feature.LEDGER);
        fixNamespace();
        StoreView stale = read();
        write(Samples.nodeRecord(NODE, 100));
        ledger().record(new long[] {4}, FOR_EVER);
        long[] ids = {3, 4, 5};
        Recorded recorded = coordinator()
                .replaceAndRecord(namespace, nodeStep(stale, Samples.nodeRecord(NODE, 300)), ids, FOR_EVER);

        assertThat(recorded.replaced().applied()).as("applied").isFalse();
        assertThat(recorded.refused()).as("recorded before").isEmpty();
        assertThat(ledger().record(ids, FOR_EVER)).as("recorded before").containsExactly(4);
    }

    @Test
    @DisplayName("C10 ledger: a large batch is recorded with its step as well")
    public final void recordsALargeBatchWithItsStep() {
        assumeHas(Feature.LEDGER);
        fixNamespace();
        long[] ids = LongStream.range(0, 3000).toArray();
        Recorded recorded = coordinator()
                .replaceAndRecord(namespace, nodeStep(read(), Samples.nodeRecord(NODE, 100)), ids, FOR_EVER);

        assertThat(recorded.refused()).as("recorded before").isEmpty();
        assertThat(ledger().record(ids, FOR_EVER)).as("recorded before").containsExactly(ids);
    }

    private IdLedger ledger() {
        return ledgerOf(coordinator());
    }

    private IdLedger ledgerOf(NodeCoordinator coordinator) {
        return coordinator.ledger(namespace).orElseThrow();
    }
}
