package io.snowline.coordination.redis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.snowline.coordination.CoordinatorUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A master that is found through Sentinels. They are asked before the first step, again before a step if the last
 * answer is more than a second old, and after a failure. So a deposed master that still answers is abandoned within a
 * second.
 *
 * <p>Jedis' own Sentinel client learns of a new master immediately, through a thread for each Sentinel. But a client
 * that is closed while its threads are still subscribing leaks them, and a failure calls for closing it. A coordinator
 * has no threads of its own.
 */
final class SentinelTopology implements Topology {

    private static final System.Logger LOG = System.getLogger(SentinelTopology.class.getName());
    private static final long ANSWER_LASTS_NANOS = Duration.ofSeconds(1).toNanos();

    private final String master;
    private final List<HostAndPort> sentinels;
    private final Connector toSentinel;
    private final Connector toMaster;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable HostAndPort address;
    private volatile @Nullable HostAndPort connected;
    private volatile long askedAtNanos;
    private volatile boolean suspected;

    @GuardedBy("lock")
    private int next;

    @GuardedBy("lock")
    private @Nullable Connection sentinel;

    SentinelTopology(String master, List<HostAndPort> sentinels, Connector toSentinel, Connector toMaster) {
        this.master = master;
        this.sentinels = List.copyOf(sentinels);
        this.toSentinel = toSentinel;
        this.toMaster = toMaster;
    }

    @Override
    public MasterConnections find() {
        lock.lock();
        try {
            if (stale()) {
                ask();
            }
            HostAndPort found = address;
            if (found == null) {
                throw new CoordinatorUnavailableException(this + ": no Sentinel told the master's address");
            }
            connected = found;
            Peer peer = Peer.master(toString(), RedisUri.text(found), toMaster.tls());
            return toMaster.master(found, peer).alone();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean upToDate() {
        if (stale() && lock.tryLock()) {
            try {
                ask();
            } catch (CoordinatorUnavailableException e) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        () -> this + ": no Sentinel answered, the master stays as it was",
                        e);
            } finally {
                lock.unlock();
            }
        }
        HostAndPort known = address;
        return known != null && known.equals(connected);
    }

    /** Makes the next call ask the next Sentinel: this one may be on the wrong side of a partition. */
    @Override
    public void suspect() {
        suspected = true;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            hangUp();
        } finally {
            lock.unlock();
        }
    }

    private boolean stale() {
        return suspected || address == null || System.nanoTime() - askedAtNanos > ANSWER_LASTS_NANOS;
    }

    @GuardedBy("lock")
    private void ask() {
        if (suspected) {
            hangUp();
        }
        List<CoordinatorUnavailableException> failures = new ArrayList<>();
        for (int i = 0; i < sentinels.size(); i++) {
            Peer peer = Peer.sentinel(toString(), RedisUri.text(sentinels.get(next)), toSentinel.tls());
            try {
                learn(askOne(peer));
                return;
            } catch (JedisException e) {
                failures.add(RedisFailures.explain(e, peer, false));
                hangUp();
            } catch (CoordinatorUnavailableException e) {
                failures.add(e);
                hangUp();
            }
        }
        askedAtNanos = System.nanoTime();
        suspected = false;
        if (address == null) {
            throw RedisFailures.together(failures);
        }
    }

    private void learn(HostAndPort answer) {
        HostAndPort before = address;
        address = answer;
        askedAtNanos = System.nanoTime();
        suspected = false;
        if (before != null && !before.equals(answer)) {
            LOG.log(System.Logger.Level.INFO, () -> "%s: the master is at %s now, it was at %s"
                    .formatted(this, RedisUri.text(answer), RedisUri.text(before)));
        }
    }

    @GuardedBy("lock")
    private HostAndPort askOne(Peer peer) {
        Connection asked = sentinel;
        if (asked == null) {
            asked = toSentinel.connect(sentinels.get(next));
            sentinel = asked;
        }
        Object answer = asked.executeCommand(new CommandArguments(Command.SENTINEL)
                .add("GET-MASTER-ADDR-BY-NAME")
                .add(master));
        if (answer instanceof List<?> pair
                && pair.size() == 2
                && pair.get(0) instanceof byte[] host
                && pair.get(1) instanceof byte[] port) {
            return toMaster.reach(new HostAndPort(ascii(host), Integer.parseInt(ascii(port))));
        }
        throw new CoordinatorUnavailableException(
                "%s does not know master '%s'; check sentinel.master".formatted(peer, master));
    }

    @GuardedBy("lock")
    private void hangUp() {
        Connection last = sentinel;
        sentinel = null;
        next = (next + 1) % sentinels.size();
        if (last != null) {
            RedisBackend.closeQuietly(last);
        }
    }

    private static String ascii(byte[] text) {
        return new String(text, StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "Redis master '%s' of the Sentinels at %s".formatted(master, RedisUri.list(sentinels));
    }
}
