package io.snowline.coordination.zookeeper;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.ConnectionLossException;
import org.apache.zookeeper.KeeperException.SessionExpiredException;
import org.apache.zookeeper.KeeperException.SessionMovedException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;

/**
 * The session with ZooKeeper. Curator keeps it: it connects, authenticates, and replaces a session that expired, which
 * does not matter to records that are all persistent. The requests themselves bypass Curator.
 *
 * <p>Thread-safe.
 */
final class ZooKeeperSession implements AutoCloseable {

    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private final CuratorFramework client;
    private final boolean owned;
    private final List<ACL> acl;
    private final ZooKeeperFailures failures;
    private final ConnectionProbe probe;
    private final TimeSource time;
    private final Duration connectTimeout;
    private final Duration requestTimeout;
    private final ReentrantLock starting = new ReentrantLock();

    @GuardedBy("starting")
    private boolean started;

    private volatile boolean closed;

    /**
     * @param owned whether the client is this session's: not started yet, to be started by the first step, and closed with it
     */
    ZooKeeperSession(
            CuratorFramework client,
            boolean owned,
            List<ACL> acl,
            ZooKeeperFailures failures,
            ConnectionProbe probe,
            TimeSource time,
            Duration connectTimeout,
            Duration requestTimeout) {
        this.client = client;
        this.owned = owned;
        this.acl = acl;
        this.failures = failures;
        this.probe = probe;
        this.time = time;
        this.connectTimeout = connectTimeout;
        this.requestTimeout = requestTimeout;
    }

    /** The exchange of one step with ZooKeeper, in any number of requests. */
    interface Talk<T> {
        T with(Conversation conversation) throws KeeperException;
    }

    /**
     * Connects if necessary, and talks. A connection that breaks before anything was written is waited for like one
     * that did not exist yet: ZooKeeper's client accepts requests for a moment after its server has hung up.
     *
     * @throws CoordinatorUnavailableException if there is no connection, no answer, or an unexpected answer
     */
    <T> T converse(Talk<T> talk) {
        long end = time.monotonicNanos() + connectTimeout.toNanos();
        while (true) {
            ZooKeeper zooKeeper = connected(end);
            Conversation conversation = new Conversation(zooKeeper, acl, failures, time, requestTimeout);
            try {
                return talk.with(conversation);
            } catch (ConnectionLossException | SessionExpiredException | SessionMovedException e) {
                if (conversation.hasWritten() || end - time.monotonicNanos() <= 0) {
                    throw failures.explain(e);
                }
                time.parkNanos(PAUSE_NANOS);
            } catch (KeeperException e) {
                throw failures.explain(e);
            }
        }
    }

    @Override
    public void close() {
        starting.lock();
        try {
            closed = true;
            if (owned) {
                client.close();
            }
        } finally {
            starting.unlock();
        }
    }

    @Override
    public String toString() {
        return failures.backend();
    }

    private ZooKeeper connected(long end) {
        start();
        boolean connected = await(end);
        ZooKeeper zooKeeper = handle();
        if (!connected) {
            throw new CoordinatorUnavailableException("%s could not be reached within connectTimeout, %s ms: %s"
                    .formatted(failures.backend(), connectTimeout.toMillis(), probe.findings()));
        }
        return zooKeeper;
    }

    private void start() {
        starting.lock();
        try {
            if (closed) {
                throw new CoordinatorUnavailableException(
                        "the connection to " + failures.backend() + " was closed by this process");
            }
            if (owned && !started) {
                client.start();
                started = true;
            }
        } finally {
            starting.unlock();
        }
    }

    private boolean await(long end) {
        try {
            long left = TimeUnit.NANOSECONDS.toMillis(end - time.monotonicNanos());
            return client.blockUntilConnected(Math.toIntExact(Math.max(1, left)), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CoordinatorUnavailableException(
                    "the thread was interrupted while it waited for " + failures.backend(), e);
        }
    }

    /** Returns ZooKeeper's own handle. Asking for it while there is no connection makes Curator repair a stuck one. */
    private ZooKeeper handle() {
        try {
            return client.getZookeeperClient().getZooKeeper();
        } catch (ConnectionLossException e) {
            throw new CoordinatorUnavailableException(
                    "%s could not be reached: %s".formatted(failures.backend(), probe.findings()), e);
        } catch (KeeperException e) {
            throw failures.explain(e);
        } catch (Exception e) { // Curator declares nothing narrower
            throw new CoordinatorUnavailableException(failures.backend() + " could not be reached: " + e, e);
        }
    }
}
