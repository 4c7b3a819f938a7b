package io.snowline.coordination.zookeeper;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.Replacement.NodeChange;
import io.snowline.coordination.Stored;
import io.snowline.coordination.zookeeper.Conversation.Timed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.BadVersionException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.SetDataResult;
import org.apache.zookeeper.data.Stat;

/**
 * One replacement. Two requests when all goes well: a read of the one or two znodes, which compares the values, and a
 * transaction, which compares the versions that were read and writes.
 *
 * <p>Versions alone would not do: they begin at 0 again when somebody deletes a namespace or puts back an old backup, and an
 * owner who slept through that may meet the number that it remembers with somebody else's record under it.
 *
 * <p>Nothing is sent twice, so a refused version is a refusal, and never the echo of a write of our own.
 */
final class ReplaceStep {

    private static final int ATTEMPTS = 5;

    private final Conversation conversation;
    private final Slots slots;
    private final Znodes znodes;
    private final Replacement step;

    ReplaceStep(Conversation conversation, Znodes znodes, Replacement step) {
        this.conversation = conversation;
        this.slots = new Slots(conversation.backend(), znodes);
        this.znodes = znodes;
        this.step = step;
    }

    Replaced run() throws KeeperException {
        if (step.notAfter().isEmpty()) {
            Sight sight = look();
            if (sight.fits(step) && sight.namespace().stored().isPresent()) {
                Optional<Replaced> answer = attempt(sight);
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
        }
        return runWithClock();
    }

    /** Begins each attempt with a write, and so sees what is there now, and not what a server that lags shows. */
    private Replaced runWithClock() throws KeeperException {
        for (int i = 0; i < ATTEMPTS; i++) {
            Timed<Sight> seen = lookAfterClock();
            Sight sight = seen.value();
            boolean late = step.notAfter().filter(seen.time()::isAfter).isPresent();
            if (late || !sight.fits(step)) {
                return new Replaced(false, sight.view(seen.time()));
            }
            if (sight.namespace().stored().isEmpty()) {
                conversation.makeParents(znodes.parentsOfNodes());
            }
            Optional<Replaced> answer = sight.namespace().hasZnode() ? attempt(sight) : Optional.empty();
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw new CoordinatorUnavailableException(
                "the znodes of namespace '%s' of %s change faster than they can be replaced; nothing was written"
                        .formatted(znodes.namespace(), conversation.backend()));
    }

    private Sight look() throws KeeperException {
        return Sight.of(slots, step, conversation.await(Sight.send(conversation, znodes, step)));
    }

    private Timed<Sight> lookAfterClock() throws KeeperException {
        return conversation
                .clockThen(talk -> Sight.send(talk, znodes, step))
                .map(results -> Sight.of(slots, step, results));
    }

    /** Tries to write; empty if what was seen is there no more. */
    private Optional<Replaced> attempt(Sight sight) throws KeeperException {
        try {
            List<Op> operations = operations(sight);
            return answer(sight, operations, conversation.writeAll(operations));
        } catch (BadVersionException | NodeExistsException | NoNodeException e) {
            return Optional.empty();
        }
    }

    private List<Op> operations(Sight sight) {
        List<Op> operations = new ArrayList<>();
        int version = sight.namespace().version().orElseThrow();
        operations.addAll(step.namespace()
                .map(record -> Conversation.writes(znodes.record(), namespaceData(record, sight), version))
                .orElseGet(() -> List.of(Op.check(znodes.record(), version))));
        step.node().ifPresent(change -> addNode(operations, change, sight.node()));
        return operations;
    }

    /** A znode that is made says nothing of the time, so it is written once more in the same transaction. */
    private void addNode(List<Op> operations, NodeChange change, Slot<NodeRecord> there) {
        String path = znodes.node(change.next().node());
        byte[] data = RecordKind.NODE.encode(
                change.next(), step.notAfter(), there.stored().map(Stored::record));
        if (!there.hasZnode()) {
            operations.add(conversation.creation(path, data));
        }
        operations.addAll(Conversation.writes(path, data, there.version().orElse(0)));
    }

    private byte[] namespaceData(NamespaceRecord record, Sight sight) {
        return RecordKind.NAMESPACE.encode(
                record, step.notAfter(), sight.namespace().stored().map(Stored::record));
    }

    /** Reads the answer to a transaction that was done; empty if it was done too late and is void. */
    private Optional<Replaced> answer(Sight sight, List<Op> operations, List<OpResult> results) {
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
        return Optional.of(new Replaced(true, Sight.view(namespace, node, time)));
    }

    private static Stat written(List<OpResult> results, int index) {
        return ((SetDataResult) results.get(index)).getStat();
    }
}
