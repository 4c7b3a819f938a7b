package io.snowline.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.snowline.client.RangeSource.Demand;
import io.snowline.id.IdLayout;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.IdUnavailableException.Reason;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The range that callers take IDs from, the next one, and the round of requests that brings it. Thread-safe.
 */
final class RangeSupply {

    /*
     * One range is in use, at most one is ready to follow it, and at most one round of requests runs to get that:
     *
     *   nothing --begin--> a round runs --range--> next is ready --the one in use is used up--> nothing
     *      ^                    |
     *      '----- no range -----'   servers are left alone for a while: no round begins before that is over
     *
     * The lock is held for a few steps in memory. Callers that find nothing wait for the round, or for the moment when
     * the next one may begin, on a future; closing the client ends both waits.
     */

    private static final System.Logger LOG = System.getLogger(SnowlineClient.class.getName());
    private static final long KEEP_THREADS_SECONDS = 10;

    /** How long after a round without a range the next may begin, at the earliest. */
    private static final long LEAST_REST_NANOS = 50_000_000;

    private final String namespace;
    private final LongSupplier clock;
    private final long maxAgeNanos;
    private final ExecutorService workers;
    private final RangeRequests requests;
    private final ReentrantLock lock = new ReentrantLock();
    private final CompletableFuture<Void> closing = new CompletableFuture<>();

    /** Used by the round that is running; while there is none, under the lock. */
    private final RangeSource source;

    /** How many IDs callers are waiting for. */
    private final AtomicLong wanted = new AtomicLong();

    private volatile RangeInUse current = new RangeInUse();
    private volatile @Nullable IdLayout layout;

    /** Whether the next range is there, or on its way. */
    private volatile boolean supplied;

    private volatile long restsUntilNanos;

    @GuardedBy("lock")
    private @Nullable RangeInUse next;

    /** Completes when the round that is running has ended; null while there is none. */
    @GuardedBy("lock")
    private @Nullable CompletableFuture<Void> round;

    @GuardedBy("lock")
    private Optional<Failure> failure = Optional.empty();

    @GuardedBy("lock")
    private URI server;

    @GuardedBy("lock")
    private long usedBefore;

    @GuardedBy("lock")
    private long usedAtRound;

    @GuardedBy("lock")
    private long roundBeganNanos;

    RangeSupply(SnowlineClient.Builder settings) {
        namespace = settings.namespace;
        clock = settings.clock;
        maxAgeNanos = settings.maxAge.toNanos();
        workers = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEEP_THREADS_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "snowline-client-" + settings.namespace);
                    thread.setDaemon(true);
                    return thread;
                });
        requests = new RangeRequests(settings, workers);
        source = new RangeSource(settings, requests);
        server = source.servers().kept();
        roundBeganNanos = clock.getAsLong();
        restsUntilNanos = roundBeganNanos;
    }

    /** Asks for the first range, in the background. */
    void start() {
        var unused = beginRound();
    }

    /** Returns the range to take IDs from; perhaps nothing is left of it. */
    RangeInUse current() {
        return current;
    }

    /** Notes that IDs were taken of a range: if it runs low, the next one is asked for in the background. */
    void taken(RangeInUse range, long nanos) {
        if (!supplied && range.runsLow(nanos) && nanos - restsUntilNanos >= 0) {
            var unused = beginRound();
        }
    }

    /**
     * Returns the range after one that is used up; waits for it if necessary.
     *
     * @param deadline the monotonic clock when the wait must end
     * @param count how many IDs the caller needs
     * @throws IdUnavailableException if there is none by then, or the client was closed
     */
    RangeInUse after(RangeInUse usedUp, long deadline, int count) {
        while (!advanced(usedUp)) {
            awaitRange(deadline, count);
        }
        return current;
    }

    /** Moves on to the next range, if there is one and no other thread has done so meanwhile. */
    private boolean advanced(RangeInUse usedUp) {
        lock.lock();
        try {
            requireOpen();
            RangeInUse following = next;
            if (current != usedUp || following == null) {
                return current != usedUp;
            }
            next = null;
            supplied = false;
            if (following.stale(clock.getAsLong())) {
                return false;
            }
            current = following;
            usedBefore += usedUp.seal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the layout of the first range; waits for it if necessary. */
    IdLayout layout(long deadline) {
        IdLayout known = layout;
        while (known == null) {
            awaitRange(deadline, 1);
            known = layout;
        }
        return known;
    }

    // ---- waiting ----

    /** Waits until a round has ended, or until the next may begin, but no longer than until the deadline. */
    private void awaitRange(long deadline, int count) {
        CompletableFuture<Void> running = beginRound();
        long nanos = clock.getAsLong();
        long left = deadline - nanos;
        long rest = running == null ? restsUntilNanos - nanos : 0;
        if (left <= 0 || rest >= left) {
            throw refusal();
        }
        wanted.addAndGet(count);
        try {
            if (!ended(running == null ? closing : running, running == null ? rest : left) && running != null) {
                throw refusal();
            }
        } finally {
            wanted.addAndGet(-count);
        }
    }

    /** Waits for an event, and tells whether it came in time. */
    private static boolean ended(CompletableFuture<Void> event, long nanos) {
        try {
            event.get(Math.max(1, nanos), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IdUnavailableException(
                    Reason.SERVER_UNAVAILABLE, Duration.ZERO, "the thread was interrupted while it waited for IDs", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("no round ends exceptionally", e);
        }
    }

    private IdUnavailableException refusal() {
        lock.lock();
        try {
            requireOpen();
            return failure.orElseGet(() -> Failure.unavailable(
                            "no server has given IDs of namespace '%s' in time".formatted(namespace)))
                    .exception(restsUntilNanos - clock.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    // ---- rounds ----

    /**
     * Begins to ask for the next range, unless that is going on or has succeeded.
     *
     * @return completes when the next range is there, or the round has failed; null if all servers are to be left alone
     */
    private @Nullable CompletableFuture<Void> beginRound() {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        Demand demand;
        lock.lock();
        try {
            requireOpen();
            if (next != null) {
                return CompletableFuture.completedFuture(null);
            }
            long nanos = clock.getAsLong();
            if (round != null || restsUntilNanos - nanos > 0) {
                return round;
            }
            round = begun;
            supplied = true;
            demand = demand(nanos);
        } finally {
            lock.unlock();
        }
        try {
            workers.execute(() -> run(begun, demand));
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            end(begun, null, Optional.of(Failure.unavailable("there is no thread to ask the servers with: " + e)));
        }
        return begun;
    }

    /** Returns how many IDs were taken since the last round began. */
    @GuardedBy("lock")
    private Demand demand(long nanos) {
        long used = usedBefore + current.used();
        Demand demand = new Demand(used - usedAtRound, nanos - roundBeganNanos);
        usedAtRound = used;
        roundBeganNanos = nanos;
        return demand;
    }

    /** Runs a round, on a thread of its own; whatever is thrown, the round ends. */
    private void run(CompletableFuture<Void> begun, Demand demand) {
        GivenRange range = null;
        Optional<Failure> why = Optional.empty();
        try {
            range = source.round(demand, wanted::get).orElse(null);
            why = source.failure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the client was closed
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "Asking for IDs of namespace " + namespace + " failed unexpectedly", e);
            why = Optional.of(Failure.unavailable(
                    "asking the servers failed unexpectedly: " + e.getClass().getName()));
        } finally {
            end(begun, range, why);
        }
    }

    private void end(CompletableFuture<Void> ending, @Nullable GivenRange given, Optional<Failure> why) {
        Optional<String> news = Optional.empty();
        lock.lock();
        try {
            round = null;
            supplied = given != null;
            if (closing.isDone()) {
                return;
            }
            if (given == null) {
                restsUntilNanos = clock.getAsLong() + Math.max(LEAST_REST_NANOS, source.restNanos());
            } else {
                next = new RangeInUse(given.range(), given.sentNanos(), Math.min(given.goodForNanos(), maxAgeNanos));
                layout = given.range().layout();
            }
            news = news(given == null ? why : Optional.empty());
        } finally {
            lock.unlock();
            ending.complete(null);
        }
        news.ifPresent(text -> LOG.log(given == null ? Level.WARNING : Level.INFO, text));
    }

    /** Notes what the servers answered, and returns what is to be logged: what has changed. */
    @GuardedBy("lock")
    private Optional<String> news(Optional<Failure> why) {
        URI kept = source.servers().kept();
        boolean changed = why.isPresent() != failure.isPresent() || !kept.equals(server);
        failure = why;
        server = kept;
        return changed
                ? Optional.of(why.map(Failure::message)
                        .orElseGet(() -> "IDs of namespace '%s' come from %s now".formatted(namespace, kept)))
                : Optional.empty();
    }

    // ---- life ----

    ClientStatus status() {
        lock.lock();
        try {
            long nanos = clock.getAsLong();
            RangeInUse following = next == null ? new RangeInUse() : next;
            int atHand = current.left(nanos) + following.left(nanos);
            long goodFor = Math.max(current.goodForNanos(nanos), following.goodForNanos(nanos));
            boolean closed = closing.isDone();
            return new ClientStatus(
                    !closed && (atHand > 0 || (layout != null && failure.isEmpty())),
                    server,
                    atHand,
                    Duration.ofNanos(Math.max(0, goodFor)),
                    requests.sent(),
                    closed ? Optional.of("the client was closed") : failure.map(Failure::message));
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void requireOpen() {
        if (closing.isDone()) {
            throw new IdUnavailableException(Reason.CLOSED, Duration.ZERO, "the client was closed");
        }
    }

    void close() {
        lock.lock();
        try {
            closing.complete(null);
            next = null;
            usedBefore += current.seal();
            current = new RangeInUse();
            if (round != null) {
                round.complete(null);
            }
        } finally {
            lock.unlock();
        }
        workers.shutdownNow();
    }
}
