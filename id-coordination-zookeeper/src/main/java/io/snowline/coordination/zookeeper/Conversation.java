package io.snowline.coordination.zookeeper;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.ErrorResult;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one step, all within one deadline and one session. ZooKeeper answers the requests of a session in
 * order, and a session that has written sees everything that was written before: so a read that is sent after a write
 * is as good as a read at the leader. Requests go to ZooKeeper's own handle, bypassing Curator's retries, each at most
 * once.
 *
 * <p>Not thread-safe.
 */
final class Conversation {

    static final byte[] NOTHING = {};

    /** Matches any data version. */
    static final int ANY_VERSION = -1;

    private final ZooKeeper zooKeeper;
    private final List<ACL> acl;
    private final ZooKeeperFailures failures;
    private final TimeSource time;
    private final Duration timeout;
    private final long end;
    private boolean wrote;

    Conversation(
            ZooKeeper zooKeeper, List<ACL> acl, ZooKeeperFailures failures, TimeSource time, Duration requestTimeout) {
        this.zooKeeper = zooKeeper;
        this.acl = acl;
        this.failures = failures;
        this.time = time;
        this.timeout = requestTimeout;
        this.end = time.monotonicNanos() + requestTimeout.toNanos();
    }

    /** Tells whether a request was sent that may have changed a record or a lock. */
    boolean hasWritten() {
        return wrote;
    }

    /** Returns the name of the backend in messages. */
    String backend() {
        return failures.backend();
    }

    ZooKeeperFailures failures() {
        return failures;
    }

    /** Asks for the time, which the leader puts on a write that changes nothing. */
    Instant clock() throws KeeperException {
        return instant(awaitClock(sendClock()));
    }

    /** Asks for the time, and then reads; both requests are sent together. */
    <T> Timed<T> clockThen(Reading<T> reading) throws KeeperException {
        CompletableFuture<Stat> clock = sendClock();
        CompletableFuture<T> read = reading.send(this);
        Stat written = awaitClock(clock);
        return new Timed<>(instant(written), await(read));
    }

    /** A read that was sent, and is awaited later. */
    interface Reading<T> {
        CompletableFuture<T> send(Conversation conversation);
    }

    /** A value that was read, and the time just before. */
    record Timed<T>(Instant time, T value) {
        <U> Timed<U> map(Function<T, U> function) {
            return new Timed<>(time, function.apply(value));
        }
    }

    /**
     * Sends a request that reads several znodes in the given order, as they are at one moment; a missing znode is an
     * answer, too.
     */
    CompletableFuture<List<OpResult>> sendReads(List<Op> reads) {
        CompletableFuture<List<OpResult>> answer = new CompletableFuture<>();
        zooKeeper.multi(
                reads,
                (rc, path, ctx, results) -> {
                    if (results == null) {
                        answer.completeExceptionally(failure(rc, reads.get(0).getPath()));
                    } else {
                        settle(answer, reads, results);
                    }
                },
                null);
        return answer;
    }

    List<OpResult> readAll(List<Op> reads) throws KeeperException {
        return await(sendReads(reads));
    }

    /** Executes all of the operations, or none. */
    List<OpResult> writeAll(List<Op> operations) throws KeeperException {
        beforeWrite();
        CompletableFuture<List<OpResult>> answer = new CompletableFuture<>();
        zooKeeper.multi(
                operations,
                (rc, path, ctx, results) -> {
                    if (rc == Code.OK.intValue()) {
                        answer.complete(results);
                    } else {
                        answer.completeExceptionally(failure(rc, failedPath(operations, results)));
                    }
                },
                null);
        return await(answer);
    }

    /** Makes a persistent znode with the configured ACL; false if it exists already. */
    boolean createIfAbsent(String path, byte[] data) throws KeeperException {
        beforeWrite();
        CompletableFuture<String> answer = new CompletableFuture<>();
        zooKeeper.create(
                path, data, acl, CreateMode.PERSISTENT, (rc, asked, ctx, name) -> settle(answer, rc, path, name), null);
        try {
            var unused = await(answer);
            return true;
        } catch (NodeExistsException e) {
            return false;
        }
    }

    Op creation(String path, byte[] data) {
        return Op.create(path, data, acl, CreateMode.PERSISTENT);
    }

    /**
     * Returns the operations of a transaction that write a znode's data if its data version is as given. After 2^32
     * writes the version would be {@link #ANY_VERSION}, and the next write would compare nothing; so a znode is never
     * left with that version.
     */
    static List<Op> writes(String path, byte[] data, int version) {
        Op write = Op.setData(path, data, version);
        return version + 1 == ANY_VERSION ? List.of(write, Op.setData(path, data, ANY_VERSION)) : List.of(write);
    }

    /**
     * Makes those of some znodes that do not exist yet; each is the parent of the next. The last is tried first: a user
     * who may write below an existing znode need not be allowed to make that znode.
     */
    void makeParents(List<String> paths) throws KeeperException {
        String last = paths.get(paths.size() - 1);
        try {
            var unused = createIfAbsent(last, NOTHING);
        } catch (NoNodeException e) {
            if (paths.size() == 1) {
                throw failures.noChroot(e);
            }
            makeParents(paths.subList(0, paths.size() - 1));
            var unused = createIfAbsent(last, NOTHING);
        }
    }

    List<ACL> aclOf(String path) throws KeeperException {
        CompletableFuture<List<ACL>> answer = new CompletableFuture<>();
        zooKeeper.getACL(path, new Stat(), (rc, asked, ctx, acls, stat) -> settle(answer, rc, path, acls), null);
        return await(answer);
    }

    // ---- requests and their answers ----

    private CompletableFuture<Stat> sendClock() {
        CompletableFuture<Stat> answer = new CompletableFuture<>();
        zooKeeper.setData(
                Znodes.CLOCK,
                NOTHING,
                ANY_VERSION,
                (rc, asked, ctx, stat) -> settle(answer, rc, Znodes.CLOCK, stat),
                null);
        return answer;
    }

    private Stat awaitClock(CompletableFuture<Stat> clock) throws KeeperException {
        try {
            return await(clock);
        } catch (NoNodeException e) {
            makeParents(List.of(Znodes.ROOT, Znodes.CLOCK));
            return await(sendClock());
        }
    }

    private static <T> void settle(CompletableFuture<T> answer, int rc, String path, @Nullable T value) {
        if (rc == Code.OK.intValue() && value != null) {
            answer.complete(value);
        } else {
            answer.completeExceptionally(failure(rc, path));
        }
    }

    private static void settle(CompletableFuture<List<OpResult>> answer, List<Op> reads, List<OpResult> results) {
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof ErrorResult error && !isAnswer(reads.get(i), error)) {
                answer.completeExceptionally(
                        failure(error.getErr(), reads.get(i).getPath()));
                return;
            }
        }
        answer.complete(results);
    }

    private static boolean isAnswer(Op read, ErrorResult error) {
        return ZnodeReader.isMissing(error) || Traces.isRefusal(read, error);
    }

    private static @Nullable String failedPath(List<Op> operations, @Nullable List<OpResult> results) {
        for (int i = 0; results != null && i < results.size(); i++) {
            if (results.get(i) instanceof ErrorResult error && error.getErr() != Code.OK.intValue()) {
                return operations.get(i).getPath();
            }
        }
        return null;
    }

    private static KeeperException failure(int rc, @Nullable String path) {
        Code code = Code.get(rc);
        return KeeperException.create(code == null || code == Code.OK ? Code.SYSTEMERROR : code, path);
    }

    /**
     * Waits for an answer, but no longer than the step's deadline.
     *
     * @throws CoordinatorUnavailableException if none comes, or this thread is interrupted
     */
    <T> T await(CompletableFuture<T> answer) throws KeeperException {
        try {
            return answer.get(Math.max(0, end - time.monotonicNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KeeperException failure) {
                throw failure;
            }
            throw new CoordinatorUnavailableException(backend() + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw tooLate(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CoordinatorUnavailableException("the thread was interrupted while it waited for " + backend(), e);
        }
    }

    /** Makes sure that nothing is written for a caller that has already waited too long. */
    private void beforeWrite() {
        if (end - time.monotonicNanos() <= 0) {
            throw tooLate(null);
        }
        wrote = true;
    }

    private CoordinatorUnavailableException tooLate(@Nullable TimeoutException e) {
        String message = "%s did not answer within requestTimeout, %s ms".formatted(backend(), timeout.toMillis());
        return e == null
                ? new CoordinatorUnavailableException(message)
                : new CoordinatorUnavailableException(message, e);
    }

    private static Instant instant(Stat written) {
        return Instant.ofEpochMilli(written.getMtime());
    }
}
