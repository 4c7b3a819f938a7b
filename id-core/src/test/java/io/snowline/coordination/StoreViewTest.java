package io.snowline.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StoreViewTest {

    /** Choices follow this order; otherwise a simulated run would differ from one JVM to the next. */
    @Test
    void nodeIdsComeInAscendingOrderWhateverMapTheyCameFrom() {
        Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>();
        List<Integer> ids = IntStream.range(0, 200).map(i -> i * 37).boxed().toList();
        ids.forEach(node -> nodes.put(node, new Stored<>(new NodeRecord(node, "aa", "", "", 0, 1), 0)));
        StoreView view = new StoreView(Optional.empty(), nodes, "", Optional.empty());
        assertThat(view.nodes().keySet()).containsExactlyElementsOf(ids);
    }
}
