package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EtcdKeysTest {

    private static final List<String> PREFIXES =
            List.of("/snowline", "/snowline/orders", "snowline", "/team/.identity", "/a", "/a/b", "a", "//a", "/.b");

    @Test
    void everyNamespaceOfEveryPrefixHasATraceOfItsOwnThatNoDeletionByAPrefixReaches() {
        Set<String> traces = new HashSet<>();
        for (String prefix : PREFIXES) {
            EtcdKeys.requireApartFromTraces(prefix);
            for (String namespace : List.of("orders", "orders.traces", "a", "b", "nodes")) {
                EtcdKeys keys = new EtcdKeys(prefix, namespace);
                assertThat(traces.add(keys.trace())).as(keys.trace()).isTrue();
                assertThat(keys.trace()).startsWith(EtcdKeys.traces(prefix));
            }
        }
        for (String prefix : PREFIXES) {
            assertThat(traces).noneMatch(trace -> trace.startsWith(prefix));
        }
    }
}
