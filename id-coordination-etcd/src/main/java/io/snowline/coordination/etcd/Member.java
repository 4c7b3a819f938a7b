package io.snowline.coordination.etcd;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.etcd.jetcd.Client;
import io.snowline.coordination.CoordinatorUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One member of the cluster, reached through a client of its own; the calling thread waits, and never a thread of the
 * client.
 *
 * <p>Only a request that was certainly not executed is sent a second time here: one that etcd refused because the login
 * has to be renewed, and one that found no connection. For the latter the client is replaced first. Left alone, a client
 * tries to connect ever more rarely, and would notice late that the member is back.
 * <p>A client that stayed silent for the whole time allowed for a request is replaced as well, for later requests: its
 * connections may be lost without having been closed, and etcd does not allow the pings that would find out soon. A
 * So is one whose login was refused: the password may have changed, and a new client reads the file that holds it. A
 * replaced client is closed when the last call on it has ended: to close it earlier would fail the calls of other threads.
 *
 * <p>Thread-safe. A request takes {@code requestTimeout} and at most 1 s more, or twice that if it is sent a second time.
 */
final class Member implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Member.class.getName());
    private static final Duration YOUNG = Duration.ofMillis(100);
    private static final Duration SLACK = Duration.ofSeconds(1);

    private final Connector connector;
    private final EtcdFailures failures;
    private final ReentrantLock connecting = new ReentrantLock();
    private final AtomicReference<@Nullable Connection> current = new AtomicReference<>();

    private volatile boolean answeredBefore;
    private volatile boolean closed;

    /**
     * @param connector makes clients of this member alone
     */
    Member(Connector connector) {
        this.connector = connector;
        this.failures =
                new EtcdFailures(connector.toString(), connector.login().username(), connector.requestTimeout());
    }

    /**
     * Sends a request.
     *
     * @throws Failure if there was no answer, or etcd refused it
     */
    <T> T ask(Function<Client, CompletableFuture<T>> question) throws Failure {
        Connection first = connection();
        boolean young = first.isYoung();
        try {
            return await(question, first);
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            if (!mayBeAskedAgain(e, first, young)) {
                throw failure(e);
            }
        }
        try {
            return await(question, connection());
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            throw failure(e);
        }
    }

    /**
     * Sends a request, and does not wait for the answer.
     *
     * @param answered is called by a thread of the client, and must not block, if this member can serve again
     */
    void probe(Function<Client, ? extends CompletableFuture<?>> question, Runnable answered) throws Failure {
        Connection connection = connection();
        try {
            var unused = question.apply(connection.client).whenComplete((answer, failure) -> {
                connection.leave();
                if (failure == null || !EtcdFailures.blamesTheMember(failure)) {
                    answered.run();
                } else {
                    drop(connection); // it may be lost for good
                }
            });
        } catch (RuntimeException e) {
            connection.leave();
            throw failure(e);
        }
    }

    boolean serves(Endpoint endpoint) {
        return connector.endpoints().contains(endpoint);
    }

    /** Sends the request on a connection that was entered, and leaves it. */
    private <T> T await(Function<Client, CompletableFuture<T>> question, Connection connection)
            throws ExecutionException, TimeoutException {
        long asked = System.nanoTime();
        try {
            T answer = await(question.apply(connection.client));
            connection.answered();
            answeredBefore = true;
            return answer;
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            if ((EtcdFailures.isLate(e) && connection.isSilentSince(asked)) || EtcdFailures.loginIsRefused(e)) {
                drop(connection);
            }
            throw e;
        } finally {
            connection.leave();
        }
    }

    private <T> T await(CompletableFuture<T> answer) throws ExecutionException, TimeoutException {
        try {
            return answer.get(connector.requestTimeout().plus(SLACK).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CoordinatorUnavailableException("the thread was interrupted while it waited for " + this, e);
        }
    }

    private boolean mayBeAskedAgain(Exception e, Connection connection, boolean young) {
        if (closed || e instanceof CoordinatorUnavailableException) {
            return false;
        }
        if (EtcdFailures.isUnsent(e) && !young) {
            drop(connection);
            return true;
        }
        return EtcdFailures.loginIsOutdated(e);
    }

    private Failure failure(Exception e) {
        if (e instanceof CoordinatorUnavailableException already) {
            return new Failure(already, false, false);
        }
        if (closed) {
            return closedByUs(e);
        }
        return new Failure(
                failures.explain(e, answeredBefore),
                EtcdFailures.isUnsent(e) || EtcdFailures.isRefusedForCertain(e),
                EtcdFailures.blamesTheMember(e));
    }

    /** Returns the current connection, or a new one, entered: it must be left. */
    private Connection connection() throws Failure {
        Connection connection = current.get();
        while (connection == null || !connection.enter()) {
            connection = connect();
        }
        return connection;
    }

    private Connection connect() throws Failure {
        connecting.lock();
        try {
            return connectOnce();
        } finally {
            connecting.unlock();
        }
    }

    @GuardedBy("connecting")
    private Connection connectOnce() throws Failure {
        Connection connection = current.get();
        if (connection == null && !closed) {
            connection = new Connection(client());
            current.set(connection);
        }
        if (connection == null || closed) {
            drop(connection);
            throw closedByUs(null);
        }
        return connection;
    }

    private Client client() throws Failure {
        try {
            return connector.connect();
        } catch (IllegalArgumentException e) {
            throw failure(new CoordinatorUnavailableException(
                    "%s could not be asked: %s".formatted(this, e.getMessage()), e));
        }
    }

    private Failure closedByUs(@Nullable Exception cause) {
        String message = "the connection to " + this + " was closed by this process";
        return failure(
                cause == null
                        ? new CoordinatorUnavailableException(message)
                        : new CoordinatorUnavailableException(message, cause));
    }

    private void drop(@Nullable Connection outdated) {
        if (outdated != null && current.compareAndSet(outdated, null)) {
            outdated.leave();
        }
    }

    @Override
    public void close() {
        closed = true;
        Connection last = current.getAndSet(null);
        if (last != null) {
            last.close();
        }
    }

    @Override
    public String toString() {
        return connector.toString();
    }

    /** A request that this member did not carry out, as far as is known. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        /** Whether it is certain that no member executed the request, so that another may be asked. */
        final boolean unexecuted;

        /** Whether another member may fare better. */
        final boolean ofThisMember;

        /** The exception to throw. */
        final CoordinatorUnavailableException explained;

        Failure(CoordinatorUnavailableException explained, boolean unexecuted, boolean ofThisMember) {
            super(explained);
            this.explained = explained;
            this.unexecuted = unexecuted;
            this.ofThisMember = ofThisMember;
        }
    }

    private final class Connection {

        final Client client;
        private final long madeNanos = System.nanoTime();
        private volatile long answeredNanos = madeNanos;

        // The calls under way, and one more as long as this is the current connection.
        private final AtomicInteger users = new AtomicInteger(1);

        Connection(Client client) {
            this.client = client;
        }

        /** Tells whether it was made so recently that a new one would fare no better. */
        boolean isYoung() {
            return System.nanoTime() - madeNanos < YOUNG.toNanos();
        }

        /** Returns false if the connection was replaced and may be closed. */
        boolean enter() {
            return users.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
        }

        void leave() {
            if (users.decrementAndGet() == 0) {
                close();
            }
        }

        void answered() {
            answeredNanos = System.nanoTime();
        }

        boolean isSilentSince(long nanos) {
            return answeredNanos - nanos < 0;
        }

        void close() {
            try {
                connector.close(client);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "a connection to etcd was broken when it was closed", e);
            }
        }
    }
}
