package io.snowline.coordination.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class ApartRules extends Rules {

    private static final int NODES = 1024;
    private static final Duration LONG = Duration.ofSeconds(60);

    ApartRules(NodeCoordinatorContract hooks) {
        super(hooks);
    }

    @Test
    @DisplayName("C7 apart: namespaces with similar names do not touch each other")
    public final void namespacesAreApart() {
        Map<String, StoreView> written = new HashMap<>();
        for (String name : similarNames()) {
            assertThat(coordinator().read(name).nodes())
                    .as("node records of the new namespace %s", name)
                    .isEmpty();
            assertThat(coordinator().read(name).namespace())
                    .as("record of the new namespace %s", name)
                    .isEmpty();
            written.put(name, fill(name, written.size()));
        }
        written.forEach((name, view) ->
                assertSameRecords(coordinator().read(name), view, "in " + name + ", after writing to others like it"));
    }

    @Test
    @DisplayName("C7 apart: node ids with similar digits do not touch each other")
    public final void nodeIdsAreApart() {
        fixNamespace();
        Map<Integer, Stored<NodeRecord>> written = new HashMap<>();
        for (int node : new int[] {1, 11, 111, 10, 0, 100, 1023, 7, 70, 1_048_575}) {
            assertThat(read().node(node))
                    .as("record of the new node id %s", node)
                    .isEmpty();
            written.put(node, write(Samples.nodeRecord(node, 1000 + node)));
        }
        assertThat(read().nodes()).as("node records").isEqualTo(written);
    }

    @Test
    @DisplayName("C7 apart: all of 1024 node ids can be changed at the same time under one namespace record")
    public final void manyNodeIdsAtOnce() throws Exception {
        int threads = 8;
        List<NodeCoordinator> coordinators = open(4);
        fixNamespace();
        StoreView seen = read();
        Together.run(threads, thread -> () -> {
            NodeCoordinator coordinator = coordinators.get(thread % 4);
            for (int node = thread; node < NODES; node += threads) {
                applied(coordinator.replace(namespace, nodeStep(seen, Samples.nodeRecord(node, node))));
            }
            return thread;
        });

        StoreView all = read();
        assertThat(all.nodes()).as("node records").hasSize(NODES);
        assertThat(all.nodes()).as("node records").allSatisfy((node, stored) -> {
            assertThat(stored.record().node()).isEqualTo(node);
            assertThat(stored.record().end()).isEqualTo(node.longValue());
        });
    }

    @Test
    @DisplayName("C7 apart: locks of other names and namespaces do not touch each other")
    public final void locksAreApart() {
        List<DistributedLock> locks = new ArrayList<>();
        for (String name : similarNames()) {
            for (String lock : List.of("node-1", "node-11", "node", "namespace", "nodes", "records", "lock")) {
                locks.add(coordinator().lock(name, lock));
            }
        }
        String token = Samples.token();
        for (DistributedLock lock : locks) {
            assertThat(lock.tryLock(token, LONG))
                    .as("%s is free while others are held", lock)
                    .isTrue();
        }
        assertThat(locks.get(0).unlock(token)).isTrue();
        for (DistributedLock lock : locks.subList(1, locks.size())) {
            assertThat(lock.unlock(token))
                    .as("%s is held after another was unlocked", lock)
                    .isTrue();
        }
        for (String name : similarNames()) {
            assertThat(coordinator().read(name).namespace())
                    .as("record of a namespace with locks only")
                    .isEmpty();
            assertThat(coordinator().read(name).nodes())
                    .as("nodes of a namespace with locks only")
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("C7 apart: an ID is recorded in one namespace only")
    public final void ledgersAreApart() {
        assumeHas(Feature.LEDGER);
        for (String name : similarNames()) {
            IdLedger ledger = coordinator().ledger(name).orElseThrow();
            assertThat(ledger.record(new long[] {1, 11}, Optional.empty()))
                    .as("IDs recorded before in %s, which is new", name)
                    .isEmpty();
            assertThat(ledger.recordedAt(111))
                    .as("time of an ID that was not recorded")
                    .isEmpty();
        }
        for (String name : similarNames()) {
            assertThat(coordinator().read(name).namespace())
                    .as("record of a namespace with IDs only")
                    .isEmpty();
            assertThat(coordinator().read(name).nodes())
                    .as("nodes of a namespace with IDs only")
                    .isEmpty();
        }
    }

    private List<String> similarNames() {
        return List.of(
                namespace,
                namespace + ".b",
                namespace + "-b",
                namespace + "_b",
                namespace + ".nodes",
                namespace + "1",
                namespace.substring(0, namespace.length() - 1));
    }

    private StoreView fill(String name, int salt) {
        NodeCoordinator one = coordinator();
        StoreView nothing = one.read(name);
        applied(one.replace(name, namespaceStep(nothing, Samples.namespaceRecord(nothing.identity(), salt))));
        applied(one.replace(name, nodeStep(one.read(name), Samples.nodeRecord(1, 100 + salt))));
        applied(one.replace(name, nodeStep(one.read(name), Samples.nodeRecord(11 + salt, 200 + salt))));
        return one.read(name);
    }
}
