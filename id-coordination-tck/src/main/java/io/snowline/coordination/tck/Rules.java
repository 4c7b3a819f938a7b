package io.snowline.coordination.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.Replacement.NodeChange;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The common starting point of the tests of every rule: a coordinator, a fresh namespace, and steps that must succeed.
 */
@ExtendWith(RuleInMessage.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class Rules {

    /** How soon after the backend's return a coordinator that was open all the time must work again. */
    private static final Duration RECOVERY = Duration.ofSeconds(10);

    private final NodeCoordinatorContract hooks;
    private final List<NodeCoordinator> opened = new ArrayList<>();

    /** The name of a namespace to which nothing was ever written. */
    final String namespace = Samples.freshNamespace();

    Rules(NodeCoordinatorContract hooks) {
        this.hooks = hooks;
    }

    @BeforeEach
    public final void openCoordinator() {
        open();
    }

    @AfterEach
    public final void closeCoordinators() {
        opened.forEach(NodeCoordinator::close);
    }

    final NodeCoordinatorContract hooks() {
        return hooks;
    }

    /** Returns the coordinator that was opened first. */
    final NodeCoordinator coordinator() {
        return opened.get(0);
    }

    /** Opens another coordinator on the same backend. */
    final NodeCoordinator open() {
        NodeCoordinator coordinator = hooks.open();
        opened.add(coordinator);
        return coordinator;
    }

    /** Opens another coordinator, whose requests first run a task. */
    final NodeCoordinator openHeld(Runnable beforeEachRequest) {
        NodeCoordinator coordinator = hooks.openHeld(beforeEachRequest);
        opened.add(coordinator);
        return coordinator;
    }

    /** Opens the given number of coordinators. */
    final List<NodeCoordinator> open(int count) {
        List<NodeCoordinator> coordinators = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            coordinators.add(open());
        }
        return coordinators;
    }

    /** Closes all coordinators that are open, and opens one. */
    final void reopen() {
        closeCoordinators();
        opened.clear();
        open();
    }

    final boolean has(Feature feature) {
        return hooks.features().contains(feature);
    }

    final void assumeHas(Feature feature) {
        assumeTrue(has(feature), () -> "the backend has no " + feature);
    }

    final StoreView read() {
        return coordinator().read(namespace);
    }

    /** Reads once the backend is back: connections that were open may first be found dead, one per call. */
    final StoreView readAgain() throws InterruptedException {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        while (true) {
            try {
                return read();
            } catch (CoordinatorUnavailableException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    final String identity() {
        return read().identity();
    }

    // ---- steps ----

    final Replaced replace(Replacement replacement) {
        return coordinator().replace(namespace, replacement);
    }

    /** Returns a step under the namespace record seen, if any, which it leaves as it is. */
    static Replacement nodeStep(StoreView seen, NodeRecord next) {
        return new Replacement(
                seen.identity(),
                seen.namespace(),
                Optional.empty(),
                Optional.of(new NodeChange(seen.node(next.node()), next)),
                Optional.empty(),
                Trace.UNKNOWN);
    }

    static Replacement namespaceStep(StoreView seen, NamespaceRecord next) {
        return namespaceStep(seen, next, Optional.empty());
    }

    static Replacement namespaceStep(StoreView seen, NamespaceRecord next, Optional<Instant> notAfter) {
        return Replacement.ofNamespace(seen.identity(), seen.namespace(), next, notAfter, seen.trace());
    }

    static Replacement doubleStep(StoreView seen, NamespaceRecord namespaceRecord, NodeRecord node) {
        return new Replacement(
                seen.identity(),
                seen.namespace(),
                Optional.of(namespaceRecord),
                Optional.of(new NodeChange(seen.node(node.node()), node)),
                Optional.empty(),
                seen.trace());
    }

    /** Writes a namespace record over the existing one, if any. */
    final Stored<NamespaceRecord> write(NamespaceRecord next) {
        return applied(replace(namespaceStep(read(), next))).namespace().orElseThrow();
    }

    /** Writes a node record over the existing one, if any. */
    final Stored<NodeRecord> write(NodeRecord next) {
        return applied(replace(nodeStep(read(), next))).node(next.node()).orElseThrow();
    }

    /** Writes a first namespace record. */
    final Stored<NamespaceRecord> fixNamespace() {
        return write(Samples.namespaceRecord(identity(), 0));
    }

    /**
     * Returns the view of an answer that must be a yes: there are no other writers, and everything is as it was read.
     */
    static StoreView applied(Replaced replaced) {
        assertThat(replaced.applied())
                .as("applied, when everything is as expected and no one else writes (%s)", replaced)
                .isTrue();
        return replaced.view();
    }

    /** Checks that two views contain the same records. */
    static void assertSameRecords(StoreView actual, StoreView expected, String when) {
        assertThat(actual.namespace()).as("namespace record, %s", when).isEqualTo(expected.namespace());
        assertThat(actual.nodes()).as("node records, %s", when).isEqualTo(expected.nodes());
    }
}
