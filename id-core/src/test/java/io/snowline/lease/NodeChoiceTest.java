package io.snowline.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.id.IdLayout;
import io.snowline.time.TickScale;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NodeChoiceTest {

    private static final TickScale SCALE =
            IdLayout.classic(IdLayout.DEFAULT_EPOCH).scale();
    private static final NodeIdRange NODES = new NodeIdRange(0, 99);
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    private final Map<Integer, Stored<NodeRecord>> records = new HashMap<>();

    NodeChoiceTest() {
        for (int node = 0; node <= 99; node++) {
            released(node, "other", 1_000 + node);
        }
    }

    @Test
    void p11_theOwnLabelComesFirst() {
        released(70, "mine", 9_000);
        assertThat(chosen(0)).containsExactly(70);
    }

    @Test
    void p11_neverUsedComesBeforeTheLowestMark() {
        records.remove(42);
        assertThat(chosen(0)).containsExactly(42);
    }

    @Test
    void p11_theLowestMarkIsTakenAndTiesAreBrokenAtRandom() {
        assertThat(chosen(0)).containsExactly(0);
        released(5, "other", 1_000);
        assertThat(chosen(0)).containsExactlyInAnyOrder(0, 5);
    }

    @Test
    void p11_afterARefusalTheSixteenLowestMarksCountAsTies() {
        assertThat(chosen(1)).hasSize(16).allMatch(node -> node < 16);
        assertThat(chosen(2)).hasSize(100);
    }

    @Test
    void p11_aRefusalDoesNotMakeOthersEqualToTheOwnLabelOrToOneNeverUsed() {
        records.remove(42);
        assertThat(chosen(3)).containsExactly(42);
        released(70, "mine", 9_000);
        assertThat(chosen(3)).containsExactly(70);
    }

    private void released(int node, String label, long end) {
        records.put(node, new Stored<>(new NodeRecord(node, TOKEN, "", label, 0, end), 0));
    }

    /** Returns every node id that is ever chosen. */
    private Set<Integer> chosen(int refusals) {
        StoreView view = new StoreView(Optional.empty(), records, "", Optional.empty());
        Set<Integer> chosen = new HashSet<>();
        for (int seed = 0; seed < 3_000; seed++) {
            var situation = new NodeChoice.Situation(
                    SCALE, NODES, view, "mine", 100_000, Map.of(), 0, refusals, new SplittableRandom(seed));
            chosen.add(NodeChoice.choose(situation, 200_000).orElseThrow().node());
        }
        return chosen;
    }
}
