package io.snowline.coordination.zookeeper;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.Replacement.NodeChange;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.SetDataResult;
import org.apache.zookeeper.data.Stat;

/**
 * The single transaction that executes a replacement: it checks that the namespace is still the one that was read,
 * compares the versions that were read, and writes.
 *
 * <p>Not thread-safe.
 */
final class StepTransaction {

    private final Replacement step;
    private final Znodes znodes;
    private final ZnodesSeen sight;
    private final List<Op> operations = new ArrayList<>();

    /** @param sight fits the step; it has the namespace's znode, and its birth */
    StepTransaction(Conversation conversation, Znodes znodes, Replacement step, ZnodesSeen sight) {
        this.step = step;
        this.znodes = znodes;
        this.sight = sight;
        String marker = znodes.marker(sight.birth().text().orElseThrow());
        operations.add(Op.check(marker, Conversation.ANY_VERSION));
        if (step.trace().kind() != Trace.Kind.UNKNOWN) {
            operations.addAll(trace(conversation));
        }
        operations.addAll(namespace());
        step.node().ifPresent(change -> operations.addAll(node(conversation, change)));
    }

    List<Op> operations() {
        return operations;
    }

    private List<Op> trace(Conversation conversation) {
        byte[] token = step.namespace().orElseThrow().token().getBytes(StandardCharsets.UTF_8);
        TraceSlot there = sight.trace();
        return there.version().isPresent()
                ? Conversation.writes(znodes.trace(), token, there.version().getAsInt())
                : List.of(conversation.creation(znodes.trace(), token));
    }

    private List<Op> namespace() {
        StoredZnode<NamespaceRecord> there = sight.namespace();
        int version = there.version().orElseThrow();
        return step.namespace()
                .map(record -> RecordKind.NAMESPACE.encode(
                        record, step.notAfter(), there.stored().map(Stored::record)))
                .map(data -> Conversation.writes(znodes.record(), data, version))
                .orElseGet(() -> List.of(Op.check(znodes.record(), version)));
    }

    /** The result for a new znode does not tell the time, so the znode is written once more in the same transaction. */
    private List<Op> node(Conversation conversation, NodeChange change) {
        StoredZnode<NodeRecord> there = sight.node();
        String path = znodes.node(change.next().node());
        byte[] data = RecordKind.NODE.encode(
                change.next(), step.notAfter(), there.stored().map(Stored::record));
        List<Op> writes = new ArrayList<>();
        if (!there.hasZnode()) {
            writes.add(conversation.creation(path, data));
        }
        writes.addAll(Conversation.writes(path, data, there.version().orElse(0)));
        return writes;
    }

    /** Reads the answer to the transaction, which was executed; empty if it was executed too late and is void. */
    Optional<Replaced> answer(List<OpResult> results) {
        Stat last = written(results, results.size() - 1);
        Instant time = Instant.ofEpochMilli(last.getMtime());
        if (step.notAfter().filter(time::isAfter).isPresent()) {
            return Optional.empty();
        }
        int ofNamespace = operations.stream().map(Op::getPath).toList().lastIndexOf(znodes.record());
        Optional<Stored<NamespaceRecord>> namespace = step.namespace()
                .map(record ->
                        new Stored<>(record, written(results, ofNamespace).getVersion()))
                .or(() -> sight.namespace().stored());
        Optional<Stored<NodeRecord>> node = step.node().map(change -> new Stored<>(change.next(), last.getVersion()));
        return Optional.of(new Replaced(true, ZnodesSeen.view(namespace, node, time)));
    }

    private static Stat written(List<OpResult> results, int index) {
        return ((SetDataResult) results.get(index)).getStat();
    }
}
