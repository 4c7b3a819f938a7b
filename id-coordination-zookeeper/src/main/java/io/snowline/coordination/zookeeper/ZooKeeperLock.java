package io.snowline.coordination.zookeeper;

import io.snowline.coordination.DistributedLock;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.BadVersionException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.GetDataResult;
import org.apache.zookeeper.OpResult.SetDataResult;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * A persistent znode that holds the holder's token and is written from version to version. ZooKeeper's clock alone
 * decides when a holder's time is over. This machine's clock only tells when it is worth asking, since asking means
 * writing: if it is slow, this process waits longer for an abandoned lock; if it is fast, nothing changes.
 *
 * <p>Thread-safe.
 */
final class ZooKeeperLock implements DistributedLock {

    private final ZooKeeperSession session;
    private final Znodes znodes;
    private final String path;
    private final TimeSource time;

    ZooKeeperLock(ZooKeeperSession session, Znodes znodes, String name, TimeSource time) {
        this.session = session;
        this.znodes = znodes;
        this.path = znodes.lock(name);
        this.time = time;
    }

    /** What a lock's znode shows: no holder, or one since some instant. */
    private record Held(Optional<LockState> state, Instant since, int version) {

        boolean isOver(Instant now) {
            return state.map(holder -> holder.isOver(since, now)).orElse(true);
        }

        boolean isBy(String token) {
            return state.filter(holder -> holder.token().equals(token)).isPresent();
        }
    }

    @Override
    public boolean tryLock(String token, Duration expiry) {
        byte[] data = new LockState(token, expiry).encode();
        return session.converse(conversation -> tryLock(conversation, data));
    }

    @Override
    public boolean unlock(String token) {
        return session.converse(conversation -> unlock(conversation, token));
    }

    /** A hint: it judges by this machine's clock whether the holder's time is over. */
    @Override
    public boolean isHeld() {
        Instant now = Instant.ofEpochMilli(time.wallMillis());
        return session.converse(conversation ->
                look(conversation).filter(held -> !held.isOver(now)).isPresent());
    }

    private boolean tryLock(Conversation conversation, byte[] data) throws KeeperException {
        Optional<Held> held = look(conversation);
        if (held.isEmpty()) {
            return create(conversation, data);
        }
        boolean free = held.get().state().isEmpty()
                || (held.get().isOver(Instant.ofEpochMilli(time.wallMillis()))
                        && held.get().isOver(conversation.clock()));
        return free && write(conversation, data, held.get().version()) != null;
    }

    private boolean unlock(Conversation conversation, String token) throws KeeperException {
        Optional<Held> held = look(conversation);
        if (held.isEmpty() || !held.get().isBy(token)) {
            var unused = conversation.clock(); // a server that lags behind may not know yet that it was taken
            held = look(conversation);
        }
        if (held.isEmpty() || !held.get().isBy(token)) {
            return false;
        }
        @Nullable Stat written = write(conversation, LockState.FREE, held.get().version());
        return written != null && !held.get().isOver(Instant.ofEpochMilli(written.getMtime()));
    }

    private Optional<Held> look(Conversation conversation) throws KeeperException {
        OpResult result = conversation.readAll(List.of(Op.getData(path))).get(0);
        if (!(result instanceof GetDataResult read)) {
            return Optional.empty();
        }
        ZnodeReader slots = new ZnodeReader(conversation.backend(), znodes);
        try {
            Optional<LockState> state = LockState.decode(ZnodeReader.data(read));
            Stat stat = read.getStat();
            int version = slots.version(path, stat).getAsInt();
            return Optional.of(new Held(state, Instant.ofEpochMilli(stat.getMtime()), version));
        } catch (IllegalArgumentException e) {
            throw slots.unreadable(path, String.valueOf(e.getMessage()), e);
        }
    }

    private boolean create(Conversation conversation, byte[] data) throws KeeperException {
        try {
            return conversation.createIfAbsent(path, data);
        } catch (NoNodeException e) {
            conversation.makeParents(znodes.parentsOfLocks());
            return conversation.createIfAbsent(path, data);
        }
    }

    private @Nullable Stat write(Conversation conversation, byte[] data, int version) throws KeeperException {
        try {
            List<OpResult> results = conversation.writeAll(Conversation.writes(path, data, version));
            return ((SetDataResult) results.get(results.size() - 1)).getStat();
        } catch (BadVersionException | NoNodeException e) {
            return null;
        }
    }
}
