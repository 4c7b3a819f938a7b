package io.snowline.coordination.zookeeper;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.zookeeper.Conversation.Timed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.BadVersionException;
import org.apache.zookeeper.KeeperException.NoAuthException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;

/**
 * One replacement. Two requests if all goes well: a read of a few znodes, which compares the values, and a transaction,
 * which compares the versions that were read, and writes.
 *
 * <p>Versions alone would not do: they begin at 0 again when a namespace is deleted, so a late step may find the
 * version that it remembers on another record. An owner that was paused during the deletion is refused by the read,
 * which compares values; a transaction that was delayed is refused by the check of the namespace's
 * {@linkplain Birth birth}.
 *
 * <p>Nothing is sent twice, so a version that does not match is a refusal, and never the effect of this step's own
 * write.
 *
 * <p>Not thread-safe.
 */
final class ReplaceStep {

    private static final int ATTEMPTS = 6;

    private final Conversation conversation;
    private final ZnodeReader slots;
    private final Znodes znodes;
    private final Traces traces;
    private final Replacement step;

    /** The znode that was missing at the latest write. */
    private @Nullable String missing;

    ReplaceStep(Conversation conversation, Znodes znodes, Traces traces, Replacement step) {
        this.conversation = conversation;
        this.slots = new ZnodeReader(conversation.backend(), znodes);
        this.znodes = znodes;
        this.traces = traces;
        this.step = step;
    }

    Replaced run() throws KeeperException {
        if (step.notAfter().isEmpty()) {
            ZnodesSeen sight = look();
            if (sight.fits(step) && sight.namespace().stored().isPresent() && isMarked(sight)) {
                Optional<Replaced> answer = attempt(sight);
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
        }
        return runWithClock();
    }

    /** Begins each attempt with a write, and so sees the current state, not that of a server that lags behind. */
    private Replaced runWithClock() throws KeeperException {
        for (int i = 0; i < ATTEMPTS; i++) {
            Timed<ZnodesSeen> seen = lookAfterClock();
            ZnodesSeen sight = seen.value();
            boolean late = step.notAfter().filter(seen.time()::isAfter).isPresent();
            if (late || !sight.fits(step)) {
                return new Replaced(false, sight.view(seen.time()));
            }
            if (isMarked(sight)) {
                Optional<Replaced> answer = attempt(sight);
                if (answer.isPresent()) {
                    return answer.get();
                }
            } else {
                mark(sight);
            }
        }
        throw new CoordinatorUnavailableException(
                "the znodes of namespace '%s' of %s change faster than they can be replaced; nothing was written"
                        .formatted(znodes.namespace(), conversation.backend()));
    }

    private ZnodesSeen look() throws KeeperException {
        return sight(conversation.await(ZnodesSeen.send(conversation, znodes, step)));
    }

    private Timed<ZnodesSeen> lookAfterClock() throws KeeperException {
        return conversation
                .clockThen(talk -> ZnodesSeen.send(talk, znodes, step))
                .map(this::sight);
    }

    private ZnodesSeen sight(List<OpResult> results) {
        return ZnodesSeen.of(slots, step, results, traces, conversation.failures());
    }

    private boolean isMarked(ZnodesSeen sight) {
        return sight.namespace().hasZnode()
                && sight.birth().text().map(znodes::marker).stream().anyMatch(marker -> !marker.equals(missing));
    }

    /**
     * Draws a birth for the namespace, and makes those of its znodes that do not exist yet. If that comes late and
     * meets another namespace, it does no harm: no step has seen this birth yet, and every existing marker stays.
     */
    private void mark(ZnodesSeen sight) throws KeeperException {
        String birth = Birth.draw();
        byte[] data = birth.getBytes(StandardCharsets.UTF_8);
        List<Op> operations = new ArrayList<>();
        if (!sight.namespace().hasZnode()) {
            operations.add(conversation.creation(znodes.record(), Conversation.NOTHING));
        }
        if (sight.birth().version().isPresent()) {
            int version = sight.birth().version().getAsInt();
            operations.addAll(Conversation.writes(znodes.nodes(), data, version));
        } else {
            operations.add(conversation.creation(znodes.nodes(), data));
        }
        operations.add(conversation.creation(znodes.marker(birth), Conversation.NOTHING));
        var unused = write(operations);
    }

    private Optional<Replaced> attempt(ZnodesSeen sight) throws KeeperException {
        StepTransaction transaction = new StepTransaction(conversation, znodes, step, sight);
        return write(transaction.operations()).flatMap(transaction::answer);
    }

    /** Tries to write; empty if what was read has changed, and must be read again. */
    private Optional<List<OpResult>> write(List<Op> operations) throws KeeperException {
        try {
            return Optional.of(conversation.writeAll(operations));
        } catch (BadVersionException | NodeExistsException e) {
            return Optional.empty();
        } catch (NoNodeException e) {
            missing = e.getPath();
            if (znodes.trace().equals(missing)) {
                makeTraces();
            }
            return Optional.empty();
        } catch (NoAuthException e) {
            doWithoutTrace(e);
            return Optional.empty();
        }
    }

    private void makeTraces() throws KeeperException {
        try {
            conversation.makeParents(List.of(Znodes.TRACES));
        } catch (NoAuthException e) {
            doWithoutTrace(e);
        }
    }

    /** Goes on without the trace, if that is what was refused. A step that names one then no longer fits. */
    private void doWithoutTrace(NoAuthException e) throws NoAuthException {
        if (!Znodes.isTrace(e.getPath())) {
            throw e;
        }
        traces.refuse(znodes, e.getPath(), conversation.failures());
    }
}
