package io.snowline.coordination.zookeeper;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.support.Login;
import io.snowline.coordination.support.Names;
import io.snowline.time.TimeSource;
import java.util.List;
import java.util.Optional;

/**
 * Atomic steps over ZooKeeper: persistent znodes, and a transaction of checks and writes for each step. There are no
 * ephemeral znodes, no watches and no recipes, so nothing depends on the session: a process that loses it loses no node
 * id.
 *
 * <p>There is no ledger. ZooKeeper keeps every znode in the memory of every server and in every snapshot: one for each
 * ID would be a misuse.
 *
 * <p>Thread-safe.
 */
final class ZooKeeperCoordinator implements NodeCoordinator {

    private final ZooKeeperSession session;
    private final Login login;
    private final Traces traces = new Traces();

    ZooKeeperCoordinator(ZooKeeperSession session, Login login) {
        this.session = session;
        this.login = login;
    }

    @Override
    public StoreView read(String namespace) {
        Znodes znodes = new Znodes(namespace);
        return session.converse(conversation -> new NamespaceReader(conversation, znodes, traces).read());
    }

    @Override
    public StoreView read(String namespace, NodeIdRange part) {
        Znodes znodes = new Znodes(namespace);
        return session.converse(conversation -> new NamespaceReader(conversation, znodes, traces).read(part));
    }

    @Override
    public Replaced replace(String namespace, Replacement step) {
        Znodes znodes = new Znodes(namespace);
        return session.converse(conversation -> new ReplaceStep(conversation, znodes, traces, step).run());
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        return new ZooKeeperLock(session, new Znodes(namespace), name, TimeSource.system());
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        var unused = Names.requireNamespace(namespace);
        return Optional.empty();
    }

    @Override
    public List<String> advisories() {
        return session.converse(conversation -> ZooKeeperAdvice.on(conversation, login));
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public String toString() {
        return session.toString();
    }
}
