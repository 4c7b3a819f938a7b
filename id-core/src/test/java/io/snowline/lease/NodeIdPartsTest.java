package io.snowline.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NodeIdRange;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeIdPartsTest {

    @Test
    void upTo1024NodeIdsAreOnePart() {
        NodeIdRange all = new NodeIdRange(512, 1535);
        NodeIdParts parts = new NodeIdParts(all, "host");
        assertThat(parts.whole()).isTrue();
        assertThat(parts.current()).isEqualTo(all);
        parts.next();
        assertThat(parts.current()).isEqualTo(all);
    }

    @Test
    void partsTogetherAreAllNodeIdsEachOnce() {
        NodeIdRange all = new NodeIdRange(1000, 4000);
        NodeIdParts parts = new NodeIdParts(all, "host");
        assertThat(parts.whole()).isFalse();
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 31; i++) {
            NodeIdRange part = parts.current();
            for (int node = part.first(); node <= part.last(); node++) {
                assertThat(seen.add(node)).as("node id %d comes once", node).isTrue();
            }
            parts.next();
        }
        assertThat(seen).hasSize(all.size()).allMatch(all::contains);
        assertThat(parts.current()).as("and again").isEqualTo(new NodeIdParts(all, "host").current());
    }

    @Test
    void labelsThatBeginAtOnePartGoOnToDifferentOnes() {
        NodeIdRange all = new NodeIdRange(0, 16_383);
        Set<NodeIdRange> seconds = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            NodeIdParts parts = new NodeIdParts(all, "host-" + i);
            if (parts.current().first() == 700) {
                parts.next();
                seconds.add(parts.current());
            }
        }
        assertThat(seconds).hasSizeGreaterThan(20);
    }

    @Test
    void labelsThatAreNumberedAreSpreadEvenly() {
        NodeIdRange all = new NodeIdRange(0, 16_383);
        int[] labels = new int[164];
        for (int i = 0; i < 10_000; i++) {
            labels[new NodeIdParts(all, "host-" + i + ".example:8080").current().first() / 100]++;
        }
        assertThat(IntStream.of(labels).boxed()).allMatch(count -> count > 20 && count < 120);
    }
}
