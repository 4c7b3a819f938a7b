package io.snowline.coordination.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.Replacement.NodeChange;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class ExactRules extends Rules {

    private static final int NODE = 7;

    ExactRules(NodeCoordinatorContract hooks) {
        super(hooks);
    }

    @Test
    @DisplayName("C1 exact: what is still as it was read is replaced (P1)")
    public final void replacesWhatIsAsExpected() {
        fixNamespace();
        NodeRecord first = Samples.nodeRecord(NODE, 100);
        write(first);
        NodeRecord second = Samples.nodeRecord(NODE, 200);
        write(second);

        assertThat(read().node(NODE).map(Stored::record)).contains(second);
    }

    @Test
    @DisplayName("C1 exact: a node record that changed since it was read is not replaced (P1)")
    public final void refusesAStaleNodeRecord() {
        fixNamespace();
        write(Samples.nodeRecord(NODE, 100));
        StoreView stale = read();
        write(Samples.nodeRecord(NODE, 200));

        assertRefused(nodeStep(stale, Samples.nodeRecord(NODE, 300)), "node record changed");
    }

    @Test
    @DisplayName("C1 exact: a node record that changed in nothing but its token is not replaced (P1)")
    public final void refusesANodeRecordWithAnotherToken() {
        fixNamespace();
        NodeRecord first = Samples.nodeRecord(NODE, 100);
        write(first);
        StoreView stale = read();
        write(Samples.withFreshToken(first));

        assertRefused(nodeStep(stale, Samples.nodeRecord(NODE, 300)), "token of the node record changed");
    }

    @Test
    @DisplayName("C1 exact: a namespace record that changed since it was read is not replaced (P8, P9)")
    public final void refusesAStaleNamespaceRecord() {
        fixNamespace();
        StoreView stale = read();
        write(Samples.namespaceRecord(identity(), 500));

        assertRefused(namespaceStep(stale, Samples.namespaceRecord(identity(), 900)), "namespace record changed");
    }

    @Test
    @DisplayName("C1 exact: nothing is reserved under a namespace record that changed since it was read (P8)")
    public final void refusesANodeChangeUnderAStaleNamespaceRecord() {
        NamespaceRecord first = fixNamespace().record();
        write(Samples.nodeRecord(NODE, 100));
        StoreView stale = read();
        write(Samples.withFreshToken(first));

        assertRefused(nodeStep(stale, Samples.nodeRecord(NODE, 300)), "token of the namespace record changed");
    }

    @Test
    @DisplayName("C1 exact: nothing is written under another identity than the backend's (P8)")
    public final void refusesAnotherIdentity() {
        fixNamespace();
        write(Samples.nodeRecord(NODE, 100));
        StoreView seen = read();
        for (String identity : List.of("another", seen.identity().isEmpty() ? "x" : "")) {
            StoreView elsewhere = new StoreView(seen.namespace(), seen.nodes(), identity, seen.time());

            assertRefused(nodeStep(elsewhere, Samples.nodeRecord(NODE, 300)), "identity is '" + identity + "'");
            assertRefused(
                    namespaceStep(elsewhere, Samples.namespaceRecord(identity, 9)), "identity is '" + identity + "'");
        }
    }

    @Test
    @DisplayName("C1 exact: what was read under a former identity is not replaced, and read again it is (P8)")
    public final void refusesTheFormerIdentity() throws Exception {
        assumeHas(Feature.IDENTITY);
        fixNamespace();
        write(Samples.nodeRecord(NODE, 100));
        StoreView before = read();
        hooks().changeIdentity();

        assertThat(readAgain().identity())
                .as("identity, after what must change it")
                .isNotEqualTo(before.identity());
        assertRefused(nodeStep(before, Samples.nodeRecord(NODE, 200)), "identity changed");
        write(Samples.nodeRecord(NODE, 300));
    }

    @Test
    @DisplayName("C1 exact: absent, present and changed records are told apart in every combination (P1, P8)")
    public final void tellsEveryCombinationApart() {
        for (State state : State.ALL) {
            for (Expectation expected : Expectation.ALL) {
                for (Writes writes : Writes.values()) {
                    tryCombination(state, expected, writes);
                }
            }
        }
    }

    private void tryCombination(State state, Expectation expected, Writes writes) {
        String name = Samples.freshNamespace();
        StoreView nothing = coordinator().read(name);
        History<NamespaceRecord> namespaces = new History<>(
                Samples.namespaceRecord(nothing.identity(), 1), Samples.namespaceRecord(nothing.identity(), 2));
        History<NodeRecord> nodes = new History<>(Samples.nodeRecord(NODE, 1), Samples.nodeRecord(NODE, 2));
        if (state.namespace()) {
            for (NamespaceRecord record : namespaces.records()) {
                namespaces.add(applied(coordinator()
                                .replace(name, namespaceStep(coordinator().read(name), record)))
                        .namespace()
                        .orElseThrow());
            }
        }
        if (state.node()) {
            for (NodeRecord record : nodes.records()) {
                nodes.add(applied(coordinator()
                                .replace(name, nodeStep(coordinator().read(name), record)))
                        .node(NODE)
                        .orElseThrow());
            }
        }
        Replacement step = new Replacement(
                nothing.identity(),
                namespaces.expected(expected.namespace()),
                writes.namespace ? Optional.of(Samples.namespaceRecord(nothing.identity(), 3)) : Optional.empty(),
                writes.node
                        ? Optional.of(new NodeChange(nodes.expected(expected.node()), Samples.nodeRecord(NODE, 3)))
                        : Optional.empty(),
                Optional.empty(),
                writes.namespace ? coordinator().read(name).trace() : Trace.UNKNOWN);
        boolean fits = expected.namespace().fits(state.namespace())
                && (!writes.node || expected.node().fits(state.node()));

        StoreView before = coordinator().read(name);
        Replaced answer = coordinator().replace(name, step);
        StoreView after = coordinator().read(name);

        String what = "there: %s; expected: %s; writes: %s".formatted(state, expected, writes);
        assertThat(answer.applied()).as("applied? %s", what).isEqualTo(fits);
        Optional<NamespaceRecord> nextNamespace =
                fits && writes.namespace ? step.namespace() : before.namespace().map(Stored::record);
        Optional<NodeRecord> nextNode = fits && writes.node
                ? step.node().map(NodeChange::next)
                : before.node(NODE).map(Stored::record);
        assertThat(after.namespace().map(Stored::record))
                .as("namespace record; %s", what)
                .isEqualTo(nextNamespace);
        assertThat(after.node(NODE).map(Stored::record))
                .as("node record; %s", what)
                .isEqualTo(nextNode);
    }

    private void assertRefused(Replacement step, String why) {
        StoreView before = read();
        assertThat(replace(step).applied()).as("applied, though the %s", why).isFalse();
        assertSameRecords(read(), before, "after a step that was refused because the " + why);
    }

    /** Which records exist. */
    private record State(boolean namespace, boolean node) {
        static final List<State> ALL =
                List.of(new State(false, false), new State(true, false), new State(false, true), new State(true, true));

        @Override
        public String toString() {
            return (namespace ? "a" : "no") + " namespace record, " + (node ? "a" : "no") + " node record";
        }
    }

    private enum Expected {
        NONE,
        CHANGED_SINCE,
        CURRENT;

        boolean fits(boolean present) {
            return this == (present ? CURRENT : NONE);
        }
    }

    private record Expectation(Expected namespace, Expected node) {
        static final List<Expectation> ALL = all();

        private static List<Expectation> all() {
            List<Expectation> all = new ArrayList<>();
            for (Expected namespace : Expected.values()) {
                for (Expected node : Expected.values()) {
                    all.add(new Expectation(namespace, node));
                }
            }
            return all;
        }
    }

    private enum Writes {
        NAMESPACE(true, false),
        NODE(false, true),
        BOTH(true, true);

        final boolean namespace;
        final boolean node;

        Writes(boolean namespace, boolean node) {
            this.namespace = namespace;
            this.node = node;
        }
    }

    /** Two records that were stored one after the other, as the backend knows them if it ever held them. */
    private static final class History<R extends Record> {
        private final List<R> records;
        private final List<Stored<R>> stored = new ArrayList<>();

        History(R first, R second) {
            records = List.of(first, second);
        }

        List<R> records() {
            return records;
        }

        void add(Stored<R> written) {
            stored.add(written);
        }

        Optional<Stored<R>> expected(Expected expected) {
            int index = expected == Expected.CURRENT ? 1 : 0;
            return expected == Expected.NONE
                    ? Optional.empty()
                    : Optional.of(stored.isEmpty() ? new Stored<>(records.get(index), 1) : stored.get(index));
        }
    }
}
