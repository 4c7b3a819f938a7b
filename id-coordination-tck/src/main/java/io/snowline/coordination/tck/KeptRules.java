package io.snowline.coordination.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class KeptRules extends Rules {

    private static final int NODE = 7;

    KeptRules(NodeCoordinatorContract hooks) {
        super(hooks);
    }

    @Test
    @DisplayName("C3 kept: what was applied is there for a coordinator that is opened later (P1)")
    public final void outlivesItsCoordinator() {
        StoreView before = fill();
        reopen();

        assertSameRecords(read(), before, "after closing and opening again");
        write(Samples.nodeRecord(NODE, 4000));
    }

    @Test
    @DisplayName("C3 kept: what was applied is there after a restart of the backend (P1)")
    public final void outlivesARestart() throws Exception {
        StoreView before = fill();
        hooks().stop();
        hooks().start();

        assertSameRecords(readAgain(), before, "after a restart of the backend");
        write(Samples.nodeRecord(NODE, 4000));
    }

    @Test
    @DisplayName("C3 kept: time does not change a record, even if its owner is gone (P1)")
    public final void outlivesTime() throws Exception {
        StoreView before = fill();
        closeCoordinators();
        hooks().elapse(Duration.ofSeconds(2));
        reopen();

        assertSameRecords(read(), before, "after a while without its owner");
    }

    @Test
    @DisplayName("C3 kept: a node id that was released keeps its mark (P1, P7)")
    public final void releasedRecordsStay() {
        fixNamespace();
        write(new NodeRecord(NODE, Samples.token(), Samples.token(), "host:8080", 100, 900));
        NodeRecord released = new NodeRecord(NODE, Samples.token(), "", "host:8080", 100, 500);
        write(released);

        assertThat(read().node(NODE).map(Stored::record))
                .as("record that was released")
                .contains(released);
        reopen();
        assertThat(read().node(NODE).map(Stored::record))
                .as("record, opened again")
                .contains(released);
    }

    @Test
    @DisplayName("C3 kept: what is written at one place leaves the rest as it is (P1)")
    public final void otherStepsLeaveItAlone() {
        StoreView before = fill();
        write(Samples.nodeRecord(12, 1));
        write(Samples.namespaceRecord(identity(), 9));
        DistributedLock lock = coordinator().lock(namespace, "node-" + NODE);
        String token = Samples.token();
        lock.tryLock(token, Duration.ofSeconds(60));
        lock.unlock(token);
        coordinator().ledger(namespace).ifPresent(ledger -> ledger.record(new long[] {1, NODE}, Optional.empty()));

        assertThat(read().node(NODE)).as("record that no step wrote").isEqualTo(before.node(NODE));
        assertThat(read().node(11)).as("record that no step wrote").isEqualTo(before.node(11));
        assertThat(read().nodes()).as("node records").containsOnlyKeys(NODE, 11, 12);
    }

    @Test
    @DisplayName("C3 kept: closing twice is closing once, and closes no other coordinator")
    public final void closingTwiceDoesNothing() {
        NodeCoordinator other = open();
        fixNamespace();
        other.close();
        other.close();

        write(Samples.nodeRecord(NODE, 1));
    }

    /** Writes the records of a namespace in use: two windows, one of which ended long ago. */
    private StoreView fill() {
        fixNamespace();
        write(new NodeRecord(NODE, Samples.token(), Samples.token(), "one:8080", 100, 3000));
        write(new NodeRecord(11, Samples.token(), Samples.token(), "two:8080", 1, 2));
        return read();
    }
}
