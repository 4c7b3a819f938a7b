package io.snowline.coordination.redis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.redis.MasterConnections.Master;
import io.snowline.coordination.redis.RedisAdvice.ServerInfo;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Runs scripts on the master that owns their keys, each of them once: a failed step is never retried here. A step is
 * sent to a second master only if the first did nothing and named that one, because the keys are being moved. After a
 * failure that may mean that another server is the master now, the connections are dropped, and the next step looks up
 * the masters again.
 *
 * <p>Thread-safe. A step takes at most the timeouts of the pool, the connection and the reply together, and, where the masters have to be
 * found first, the time that this takes.
 */
final class RedisBackend implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(RedisBackend.class.getName());

    private final Topology topology;
    private final Duration poolTimeout;
    private final ReplicaWait replicaWait;
    private final int maxConnections;
    private final Semaphore permits;
    private final ReentrantLock finding = new ReentrantLock();
    private final AtomicReference<@Nullable MasterConnections> current = new AtomicReference<>();

    /** The masters that have answered. */
    private final Set<HostAndPort> answered = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    RedisBackend(Topology topology, int maxConnections, Duration poolTimeout, ReplicaWait replicaWait) {
        this.topology = topology;
        this.maxConnections = maxConnections;
        this.permits = new Semaphore(maxConnections);
        this.poolTimeout = poolTimeout;
        this.replicaWait = replicaWait;
    }

    /**
     * Runs a script.
     *
     * @param keys the keys it touches, at least one, all of one namespace
     * @param reader reads the reply while the connection is still held, so that a connection with a garbled reply is
     *     not reused
     * @throws CoordinatorUnavailableException if it is unknown whether the script ran
     * @throws io.snowline.coordination.UnreadableRecordException if a key holds a value of another type
     */
    <T> T run(RedisScript script, List<String> keys, List<String> arguments, Function<ScriptReply, T> reader) {
        String key = keys.get(0);
        return withPermit(() -> {
            MasterConnections masters = masters();
            Master owner = owner(masters, key);
            try {
                return on(masters, owner, key, connection -> run(connection, false, script, keys, arguments, reader));
            } catch (JedisAskDataException ask) {
                return following(ask, masters, owner, key, c -> run(c, true, script, keys, arguments, reader));
            }
        });
    }

    private Master owner(MasterConnections masters, String key) {
        try {
            return masters.owner(key);
        } catch (CoordinatorUnavailableException e) {
            drop(masters); // those found next may serve the slot
            throw e;
        }
    }

    /** Goes to the master that a key's slot is being moved to. The one that named it has done nothing. */
    private <T> T following(
            JedisAskDataException ask,
            MasterConnections masters,
            Master owner,
            String key,
            Function<Connection, T> work) {
        Master importer = masters.importer(owner, ask.getTargetNode());
        try {
            return on(masters, importer, key, work);
        } catch (JedisAskDataException again) {
            drop(masters);
            throw RedisFailures.explain(again, importer.peer(), true);
        }
    }

    /** Asks every master for sections of {@code INFO}. */
    List<ServerInfo> info(String... sections) {
        return withPermit(() -> {
            MasterConnections masters = masters();
            return masters.masters().stream()
                    .map(master -> on(masters, master, "INFO", connection -> ServerInfo.ask(connection, sections)))
                    .toList();
        });
    }

    /**
     * Checks that enough replicas have acknowledged what a script wrote.
     *
     * @throws CoordinatorUnavailableException if they have not
     */
    void requireReplicas(ScriptReply reply) {
        if (reply.replicas() < replicaWait.replicas()) {
            throw new CoordinatorUnavailableException(
                    "%s has written, but %s of the %s replicas that waitReplicas asks for acknowledged it within %s ms"
                            .formatted(topology, reply.replicas(), replicaWait.replicas(), replicaWait.millis()));
        }
    }

    @Override
    public void close() {
        closed = true;
        MasterConnections last = current.getAndSet(null);
        if (last != null) {
            closeQuietly(last);
        }
        topology.close();
    }

    @Override
    public String toString() {
        return topology.toString();
    }

    // ---- one script on one connection ----

    private <T> T run(
            Connection connection,
            boolean asking,
            RedisScript script,
            List<String> keys,
            List<String> arguments,
            Function<ScriptReply, T> reader) {
        String nonce = Long.toHexString(ThreadLocalRandom.current().nextLong());
        boolean wait = script.durable() && replicaWait.replicas() > 0;
        List<Object> answers =
                send(connection, asking, call(Command.EVALSHA, script.sha1(), keys, nonce, arguments), wait);
        if (answers.get(0) instanceof JedisNoScriptException) {
            answers = send(connection, asking, call(Command.EVAL, script.text(), keys, nonce, arguments), wait);
        }
        for (Object answer : answers) {
            if (answer instanceof JedisException e) {
                throw e;
            }
        }
        try {
            long replicas = wait && answers.get(1) instanceof Long acknowledged ? acknowledged : 0;
            return reader.apply(ScriptReply.of(answers.get(0), nonce, replicas));
        } catch (ScriptReply.Garbled e) {
            connection.setBroken();
            throw e;
        }
    }

    /**
     * Sends a script, and {@code WAIT} after it if asked to, on one connection and in one round trip.
     *
     * @param asking whether the script's slot is still being moved here, so that {@code ASKING} must come first
     * @return the replies to the script and to {@code WAIT}
     */
    private List<Object> send(Connection connection, boolean asking, CommandArguments call, boolean wait) {
        if (asking) {
            connection.sendCommand(new CommandArguments(Command.ASKING));
        }
        connection.sendCommand(call);
        if (wait) {
            connection.sendCommand(new CommandArguments(Command.WAIT)
                    .add(replicaWait.replicas())
                    .add(replicaWait.millis()));
        }
        List<Object> answers = connection.getMany((asking ? 1 : 0) + (wait ? 2 : 1));
        if (asking && answers.get(0) instanceof JedisException e) {
            throw e;
        }
        return asking ? answers.subList(1, answers.size()) : answers;
    }

    private static CommandArguments call(
            Command command, String script, List<String> keys, String nonce, List<String> arguments) {
        CommandArguments call = new CommandArguments(command).add(script).add(keys.size());
        keys.forEach(call::add);
        call.add(nonce);
        arguments.forEach(call::add);
        return call;
    }

    // ---- the connections ----

    private <T> T withPermit(Supplier<T> step) {
        acquire(permits::tryAcquire, "all " + maxConnections + " connections were in use");
        try {
            return step.get();
        } finally {
            permits.release();
        }
    }

    private MasterConnections masters() {
        MasterConnections masters = current.get();
        if (masters != null && topology.upToDate()) {
            return masters;
        }
        acquire(finding::tryLock, "it was being looked for");
        try {
            drop(masters);
            return find();
        } finally {
            finding.unlock();
        }
    }

    @GuardedBy("finding")
    private MasterConnections find() {
        MasterConnections masters = current.get();
        if (masters == null && !closed) {
            masters = topology.find();
            current.set(masters);
        }
        if (masters == null || closed) {
            drop(masters);
            throw new CoordinatorUnavailableException("the connection to " + topology + " was closed by this process");
        }
        return masters;
    }

    /**
     * Works on a connection. After a failure that may come from the wrong server, the pools are dropped before the
     * connection is returned: an open pool would replace a broken connection immediately, and block.
     *
     * @throws JedisAskDataException if another master is to be asked
     */
    private <T> T on(MasterConnections masters, Master master, String key, Function<Connection, T> work) {
        Connection connection = null;
        try {
            connection = master.pool().getResource();
            T result = work.apply(connection);
            answered.add(master.address());
            return result;
        } catch (JedisAskDataException e) {
            throw e;
        } catch (JedisException e) {
            if (RedisFailures.leadsAstray(e)) {
                topology.suspect();
                drop(masters);
            }
            throw RedisFailures.explain(e, master.peer(), answered.contains(master.address()), key);
        } catch (ScriptReply.Garbled e) {
            drop(masters);
            throw new CoordinatorUnavailableException(master.peer() + ": " + e.getMessage(), e);
        } finally {
            if (connection != null) {
                closeQuietly(connection);
            }
        }
    }

    /**
     * Drops connections, unless another thread has done so already. Borrowed ones are closed when they are returned.
     */
    private void drop(@Nullable MasterConnections outdated) {
        if (outdated != null && current.compareAndSet(outdated, null)) {
            closeQuietly(outdated);
        }
    }

    /** Closes a connection, or a pool of them, that is no longer needed and may be broken. */
    static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (JedisException e) {
            LOG.log(System.Logger.Level.DEBUG, "a connection to Redis was broken when it was closed", e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void acquire(TimedAcquire acquire, String otherwise) {
        try {
            if (acquire.within(poolTimeout.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CoordinatorUnavailableException("the thread was interrupted while it waited for " + topology, e);
        }
        throw new CoordinatorUnavailableException("%s could not be asked: %s for poolTimeout, %s ms"
                .formatted(topology, otherwise, poolTimeout.toMillis()));
    }

    /** {@link Semaphore#tryAcquire(long, TimeUnit)} or {@link Lock#tryLock(long, TimeUnit)}. */
    private interface TimedAcquire {
        boolean within(long time, TimeUnit unit) throws InterruptedException;
    }

    /**
     * How many replicas must have what was written, and how long to wait for them.
     *
     * @param replicas 0 to wait for none
     */
    record ReplicaWait(int replicas, long millis) {}
}
