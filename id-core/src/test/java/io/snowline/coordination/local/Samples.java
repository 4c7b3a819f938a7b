package io.snowline.coordination.local;

import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Records and steps for the tests of this package. */
final class Samples {

    static final String NAMESPACE = "orders";

    private Samples() {}

    static NodeCoordinator open(Path directory) {
        return open(directory, Duration.ofSeconds(30));
    }

    static NodeCoordinator open(Path directory, Duration lockTimeout) {
        return new LocalCoordinator(directory, lockTimeout, TimeSource.system(), "");
    }

    static NamespaceRecord namespaceRecord() {
        return new NamespaceRecord(
                token(),
                "t41n10s12@1ms",
                Instant.parse("2025-01-01T00:00:00Z"),
                IssuingMode.LEASED,
                Duration.ofSeconds(30),
                1,
                "",
                0,
                Optional.of(Instant.parse("2025-01-01T00:00:00Z")));
    }

    static NodeRecord nodeRecord(int node, long end) {
        return new NodeRecord(node, token(), token(), "host:8080", 0, end);
    }

    static String token() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** Makes the present namespace record, or the one to be created, the condition for a change of a node's mark. */
    static Replaced raise(NodeCoordinator coordinator, StoreView seen, int node, long end) {
        Optional<NamespaceRecord> first =
                seen.namespace().isPresent() ? Optional.empty() : Optional.of(namespaceRecord());
        Replacement.NodeChange change = new Replacement.NodeChange(seen.node(node), nodeRecord(node, end));
        return coordinator.replace(
                NAMESPACE,
                new Replacement(
                        "",
                        seen.namespace(),
                        first,
                        Optional.of(change),
                        Optional.empty(),
                        first.isPresent() ? seen.trace() : Trace.UNKNOWN));
    }

    /** Raises a node's mark, whatever it is; this must succeed. */
    static StoreView raiseAlone(NodeCoordinator coordinator, int node, long end) {
        Replaced replaced = raise(coordinator, coordinator.read(NAMESPACE), node, end);
        if (!replaced.applied()) {
            throw new AssertionError("nobody else writes, but the step was refused: " + replaced);
        }
        return replaced.view();
    }

    static long mark(StoreView view, int node) {
        return view.node(node).map(Stored::record).map(NodeRecord::end).orElse(0L);
    }
}
