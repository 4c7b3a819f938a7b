package io.snowline.coordination.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class AnswerRules extends Rules {

    private static final int NODE = 7;

    AnswerRules(NodeCoordinatorContract hooks) {
        super(hooks);
    }

    @Test
    @DisplayName("C4 answer: a namespace that is new reads as nothing")
    public final void aNewNamespaceIsEmpty() {
        StoreView view = read();

        assertThat(view.namespace()).as("namespace record").isEmpty();
        assertThat(view.nodes()).as("node records").isEmpty();
        assertSelf(view, "read");
    }

    @Test
    @DisplayName("C4 answer: a step that was applied shows what it wrote, and no other node id")
    public final void anAppliedStepShowsWhatItWrote() {
        NamespaceRecord first = Samples.namespaceRecord(identity(), 5);
        Replaced namespaceWritten = replace(namespaceStep(read(), first));
        assertShows(namespaceWritten, true, Optional.of(first), Optional.empty());

        NodeRecord other = Samples.nodeRecord(11, 1);
        assertShows(replace(nodeStep(read(), other)), true, Optional.of(first), Optional.of(other));

        NodeRecord node = Samples.nodeRecord(NODE, 100);
        assertShows(replace(nodeStep(read(), node)), true, Optional.of(first), Optional.of(node));

        NamespaceRecord second = Samples.namespaceRecord(identity(), 6);
        NodeRecord next = Samples.nodeRecord(NODE, 200);
        assertShows(replace(doubleStep(read(), second, next)), true, Optional.of(second), Optional.of(next));
        assertThat(read().nodes()).as("node records that read shows").containsOnlyKeys(NODE, 11);
    }

    @Test
    @DisplayName("C4 answer: a refusal is an answer, and shows what is there instead")
    public final void aRefusalShowsWhatIsThere() {
        StoreView nothing = read();
        NamespaceRecord first = fixNamespace().record();
        assertShows(
                replace(namespaceStep(nothing, Samples.namespaceRecord(identity(), 9))),
                false,
                Optional.of(first),
                Optional.empty());
        assertShows(
                replace(nodeStep(nothing, Samples.nodeRecord(NODE, 1))), false, Optional.of(first), Optional.empty());

        StoreView before = read();
        NodeRecord node = write(Samples.nodeRecord(NODE, 100)).record();
        write(Samples.nodeRecord(11, 1));
        assertShows(
                replace(nodeStep(before, Samples.nodeRecord(NODE, 200))), false, Optional.of(first), Optional.of(node));
        assertThat(read().nodes()).as("node records that read shows").containsOnlyKeys(NODE, 11);
    }

    @Test
    @DisplayName("C4 answer: a refusal where nothing is shows nothing")
    public final void aRefusalShowsAbsence() {
        NamespaceRecord elsewhere = Samples.namespaceRecord(identity(), 9);
        StoreView wrong =
                new StoreView(Optional.of(new Stored<>(elsewhere, 1)), Map.of(), identity(), Optional.empty());

        assertShows(replace(nodeStep(wrong, Samples.nodeRecord(NODE, 1))), false, Optional.empty(), Optional.empty());
    }

    @Test
    @DisplayName("C4 answer: an answer can be the expectation of the next step, without reading again")
    public final void answersLeadOnToTheNextStep() {
        fixNamespace();
        StoreView view = read();
        for (int end = 1; end <= 10; end++) {
            view = applied(replace(nodeStep(view, Samples.nodeRecord(NODE, end))));
        }
        StoreView stale = read();
        write(Samples.nodeRecord(NODE, 50));
        Replaced refused = replace(nodeStep(stale, Samples.nodeRecord(NODE, 60)));
        applied(replace(nodeStep(refused.view(), Samples.nodeRecord(NODE, 70))));
    }

    @Test
    @DisplayName("C4 answer: a part that is read has every record of the part, as it is in the whole")
    public final void aPartHasEveryRecordOfThePart() {
        assertThat(coordinator().read(namespace, new NodeIdRange(0, 9)).namespace())
                .as("namespace record before there is one")
                .isEmpty();
        fixNamespace();
        List.of(2, 3, 7, 8, 11).forEach(node -> write(Samples.nodeRecord(node, 100)));
        StoreView whole = read();

        for (NodeIdRange range : List.of(new NodeIdRange(3, 8), new NodeIdRange(7, 7), new NodeIdRange(0, 999))) {
            StoreView part = coordinator().read(namespace, range);
            assertSelf(part, "a part");
            assertThat(part.namespace()).as("namespace record").isEqualTo(whole.namespace());
            assertThat(part.nodes().keySet())
                    .as("node ids of %s", range)
                    .containsAll(whole.nodes().keySet().stream()
                            .filter(range::contains)
                            .toList());
            assertThat(whole.nodes()).as("what %s shows", range).containsAllEntriesOf(part.nodes());
        }
    }

    @Test
    @DisplayName("C4 answer: the backend's clock goes on, where it has one")
    public final void theClockGoesOn() throws Exception {
        assumeHas(Feature.CLOCK);
        fixNamespace();
        Instant before = applied(replace(nodeStep(read(), Samples.nodeRecord(NODE, 1))))
                .time()
                .orElseThrow();
        hooks().elapse(Duration.ofSeconds(1));
        Instant after = applied(replace(nodeStep(read(), Samples.nodeRecord(NODE, 2))))
                .time()
                .orElseThrow();

        assertThat(Duration.between(before, after))
                .as("time between two answers with a second between them")
                .isBetween(Duration.ofMillis(500), Duration.ofSeconds(60));
    }

    @Test
    @DisplayName("C4 answer: a coordinator says what it is, and how its backend is set up")
    public final void saysWhatItIs() {
        assertThat(coordinator().toString())
                .as("toString, which names product and address")
                .isNotBlank()
                .doesNotContain(coordinator().getClass().getName() + "@");
        assertThat(coordinator().scope()).as("scope").isNotNull();
        assertThat(coordinator().advisories()).as("advisories").allSatisfy(advice -> assertThat(advice)
                .isNotBlank());
    }

    private void assertShows(
            Replaced answer, boolean applied, Optional<NamespaceRecord> namespaceRecord, Optional<NodeRecord> node) {
        assertThat(answer.applied()).as("applied").isEqualTo(applied);
        assertThat(answer.view().namespace().map(Stored::record))
                .as("namespace record in the answer")
                .isEqualTo(namespaceRecord);
        assertThat(answer.view().nodes().values().stream().map(Stored::record))
                .as("node records in the answer")
                .containsExactlyElementsOf(node.stream().toList());
        node.ifPresent(record ->
                assertThat(answer.view().nodes()).as("node ids in the answer").containsOnlyKeys(record.node()));
        assertSelf(answer.view(), "the answer");
    }

    private void assertSelf(StoreView view, String where) {
        assertThat(view.time().isPresent())
                .as("the time is in %s, where the backend has a clock", where)
                .isEqualTo(has(Feature.CLOCK));
        assertThat(!view.identity().isEmpty())
                .as("the identity is in %s, where the backend has one", where)
                .isEqualTo(has(Feature.IDENTITY));
        assertThat(view.identity())
                .as("identity in %s", where)
                .matches("[!-~]*")
                .isEqualTo(identity());
    }
}
