package io.snowline.coordination.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class AtomicRules extends Rules {

    private static final int NODE = 7;
    private static final int THREADS = 8;
    private static final int COORDINATORS = 4;
    private static final int ROUNDS = 25;

    AtomicRules(NodeCoordinatorContract hooks) {
        super(hooks);
    }

    @Test
    @DisplayName("C2 atomic: of many node changes that expect the same, exactly one is applied (P1)")
    public final void oneNodeChangeWins() throws Exception {
        List<NodeCoordinator> coordinators = open(COORDINATORS);
        fixNamespace();
        for (int round = 1; round <= ROUNDS; round++) {
            StoreView seen = read();
            int end = round;
            race(namespace, coordinators, thread -> nodeStep(seen, Samples.nodeRecord(NODE, end)));
        }
    }

    @Test
    @DisplayName("C2 atomic: of many namespace changes that expect the same, exactly one is applied (P8, P9)")
    public final void oneNamespaceChangeWins() throws Exception {
        List<NodeCoordinator> coordinators = open(COORDINATORS);
        fixNamespace();
        for (int round = 1; round <= ROUNDS; round++) {
            StoreView seen = read();
            NamespaceRecord next = Samples.namespaceRecord(seen.identity(), round);
            race(namespace, coordinators, thread -> namespaceStep(seen, Samples.withFreshToken(next)));
        }
    }

    @Test
    @DisplayName("C2 atomic: of many processes that find a namespace new, exactly one fixes it (P9)")
    public final void oneFirstProcessFixesANamespace() throws Exception {
        List<NodeCoordinator> coordinators = open(COORDINATORS);
        for (int round = 1; round <= ROUNDS; round++) {
            String fresh = Samples.freshNamespace();
            StoreView seen = coordinator().read(fresh);
            race(fresh, coordinators, thread -> namespaceStep(seen, Samples.namespaceRecord(seen.identity(), thread)));
        }
    }

    @Test
    @DisplayName("C2 atomic: of changes of one namespace record and different node records, exactly one is applied")
    public final void oneDoubleChangeWins() throws Exception {
        List<NodeCoordinator> coordinators = open(COORDINATORS);
        fixNamespace();
        for (int round = 1; round <= ROUNDS; round++) {
            StoreView seen = read();
            int end = round;
            int winner = race(
                    namespace,
                    coordinators,
                    thread -> doubleStep(
                            seen, Samples.namespaceRecord(seen.identity(), thread), Samples.nodeRecord(thread, end)));
            for (int thread = 0; thread < THREADS; thread++) {
                assertThat(read().node(thread)
                                        .map(Stored::record)
                                        .map(NodeRecord::end)
                                        .orElse(0L)
                                == end)
                        .as("node record %s was written in round %s, which %s won", thread, round, winner)
                        .isEqualTo(thread == winner);
            }
        }
    }

    @Test
    @DisplayName("C2 atomic: processes that count by compare-and-set lose nothing and see one order (P1)")
    public final void countingLosesNothing() throws Exception {
        int each = 25;
        List<NodeCoordinator> coordinators = open(COORDINATORS);
        fixNamespace();
        write(Samples.nodeRecord(NODE, 0));

        List<List<Long>> marks =
                Together.run(THREADS, thread -> () -> count(coordinators.get(thread % COORDINATORS), each));

        List<Long> all = marks.stream().flatMap(List::stream).toList();
        assertThat(all).as("marks that were reached, each by one thread").hasSize(THREADS * each);
        assertThat(all).as("marks that were reached, each by one thread").doesNotHaveDuplicates();
        assertThat(mark(read())).as("mark at the end").isEqualTo((long) THREADS * each);
        assertThat(marks).as("marks of each thread, in its own order").allSatisfy(one -> assertThat(one)
                .isSorted());
    }

    @Test
    @DisplayName("C2 atomic: no reader sees one half of a replacement (P8)")
    public final void nobodySeesHalf() throws Exception {
        List<NodeCoordinator> coordinators = open(COORDINATORS);
        StoreView nothing = read();
        applied(replace(
                doubleStep(nothing, Samples.namespaceRecord(nothing.identity(), 0), Samples.nodeRecord(NODE, 0))));
        CountDownLatch watching = new CountDownLatch(COORDINATORS - 1);
        AtomicBoolean over = new AtomicBoolean();

        Together.run(COORDINATORS, thread -> () -> {
            if (thread == 0) {
                watching.await(); // none of them may begin after the last write
                writePairs(coordinators.get(0), over);
            } else {
                watchPairs(coordinators.get(thread), watching, over, thread == 1);
            }
            return thread;
        });
    }

    @Test
    @DisplayName("C2 atomic: a node change that was applied found the namespace record that it expected (P8)")
    public final void nodeChangesKeepToTheirNamespaceRecord() throws Exception {
        List<NodeCoordinator> coordinators = open(COORDINATORS);
        fixNamespace();
        for (int round = 1; round <= ROUNDS; round++) {
            StoreView seen = read();
            int floor = round;
            List<Replaced> answers = Together.run(THREADS, thread -> {
                Replacement step = thread == 0
                        ? namespaceStep(seen, Samples.namespaceRecord(seen.identity(), floor))
                        : nodeStep(seen, Samples.nodeRecord(thread, floor));
                return () -> coordinators.get(thread % COORDINATORS).replace(namespace, step);
            });
            applied(answers.get(0));
            for (Replaced answer : answers.subList(1, THREADS)) {
                assertThat(answer.view().namespace().equals(seen.namespace()))
                        .as("the namespace record was as expected at the step that answered %s", answer)
                        .isEqualTo(answer.applied());
            }
        }
    }

    /** Lets all threads try, and returns the one that won. */
    private int race(String where, List<NodeCoordinator> coordinators, IntFunction<Replacement> step) throws Exception {
        List<Replaced> answers = Together.run(THREADS, thread -> {
            NodeCoordinator coordinator = coordinators.get(thread % COORDINATORS);
            Replacement replacement = step.apply(thread);
            return () -> coordinator.replace(where, replacement);
        });
        List<Integer> winners = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            if (answers.get(thread).applied()) {
                winners.add(thread);
            }
        }
        assertThat(winners)
                .as("threads that were told 'applied', of %s that expected the same", THREADS)
                .hasSize(1);
        return winners.get(0);
    }

    private List<Long> count(NodeCoordinator coordinator, int times) {
        List<Long> reached = new ArrayList<>();
        StoreView view = coordinator.read(namespace);
        while (reached.size() < times) {
            Replaced answer = coordinator.replace(namespace, nodeStep(view, Samples.nodeRecord(NODE, mark(view) + 1)));
            if (answer.applied()) {
                reached.add(mark(view) + 1);
            }
            view = answer.view();
        }
        return reached;
    }

    private void writePairs(NodeCoordinator coordinator, AtomicBoolean over) {
        try {
            for (int value = 1; value <= 4 * ROUNDS; value++) {
                StoreView seen = coordinator.read(namespace);
                applied(coordinator.replace(
                        namespace,
                        doubleStep(
                                seen,
                                Samples.namespaceRecord(seen.identity(), value),
                                Samples.nodeRecord(NODE, value))));
            }
        } finally {
            over.set(true);
        }
    }

    /** One that only reads never waits for the writer, where steps take a lock. */
    private void watchPairs(
            NodeCoordinator coordinator, CountDownLatch watching, AtomicBoolean over, boolean readsOnly) {
        while (!over.get()) {
            try {
                assertPair(coordinator.read(namespace), "read");
            } finally {
                watching.countDown();
            }
            if (readsOnly) {
                continue;
            }
            StoreView outdated = new StoreView(
                    Optional.empty(), Map.of(), coordinator.read(namespace).identity(), Optional.empty());
            assertPair(
                    coordinator
                            .replace(namespace, nodeStep(outdated, Samples.nodeRecord(NODE, 1)))
                            .view(),
                    "an answer of replace");
        }
    }

    private static void assertPair(StoreView view, String where) {
        assertThat(mark(view))
                .as("mark in %s, which is always written together with an equal floor", where)
                .isEqualTo(view.namespace().orElseThrow().record().floor());
    }

    private static long mark(StoreView view) {
        return view.node(NODE).orElseThrow().record().end();
    }
}
