package io.snowline.lease;

import io.snowline.coordination.CoordinatorUnavailableException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An event loop on one daemon thread, which also makes the blocking calls. The thread starts with the first task and
 * ends with {@link #close}, whatever its tasks throw. It inherits neither the context class loader of the thread that
 * starts it (it has this class's own) nor its inheritable thread-locals.
 *
 * <p>Thread-safe.
 */
public final class ThreadEventLoop implements EventLoop {

    /*
     * An executor's thread can die of an OutOfMemoryError inside the executor, and no other is started. Hence this
     * loop: once a task is created, nothing that the loop does with it allocates memory.
     *
     * Tasks arrive on a stack, onto which any thread may push, and are moved to a list in the order in which they are
     * due. Both are linked through the tasks, and only the loop's thread touches the list: a caller's thread that runs
     * out of stack cannot leave it half changed.
     *
     * A pusher wakes the thread after its push, and the thread takes the arrived tasks before it parks: it either sees
     * the task or does not park.
     *
     * Whatever a task throws is kept, and handled at the beginning of the next turn, inside the same try as the tasks.
     */

    /** Due times are compared by their difference, which must not overflow. */
    private static final Duration LONGEST_DELAY = Duration.ofNanos(Long.MAX_VALUE / 4);

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final GuardedLogger log = new GuardedLogger(ThreadEventLoop.class);
    private final ThreadFactory threads;
    private final ReentrantLock starting = new ReentrantLock();
    private final AtomicReference<@Nullable Task> arrived = new AtomicReference<>();
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    // On the loop's thread from here on.
    private @Nullable Task first;
    private @Nullable Task last;
    private @Nullable Task running;
    private @Nullable Throwable thrown;

    /** Creates a loop; its thread starts with the first task. */
    public ThreadEventLoop(String threadName) {
        this(body -> daemon(body, threadName));
    }

    ThreadEventLoop(ThreadFactory threads) {
        this.threads = threads;
    }

    private static Thread daemon(Runnable body, String name) {
        Thread daemon = new Thread(null, body, name, 0, false);
        daemon.setDaemon(true);
        daemon.setContextClassLoader(ThreadEventLoop.class.getClassLoader());
        return daemon;
    }

    // ---- any thread ----

    @Override
    public void execute(Runnable task) {
        schedule(Duration.ZERO, task);
    }

    /** Runs a task after a delay; if this throws, as it may for lack of memory or threads, the task does not run. */
    @Override
    public void schedule(Duration delay, Runnable task) {
        if (closed) {
            log.log(Level.DEBUG, () -> "a task came after the end of the loop", null);
            return;
        }
        Task added = new Task(task, System.nanoTime() + nanos(delay));
        Thread runner = runner();
        push(added);
        LockSupport.unpark(runner);
    }

    private static long nanos(Duration delay) {
        return delay.compareTo(LONGEST_DELAY) < 0 ? delay.toNanos() : LONGEST_DELAY.toNanos();
    }

    private void push(Task added) {
        Task before;
        do {
            before = arrived.get();
            added.next = before;
        } while (!arrived.compareAndSet(before, added));
    }

    @Override
    public <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
        execute(new Call<>(request, answered, failed));
    }

    /** Returns the thread, and starts it if it has not been started; if that fails, the next caller tries again. */
    private Thread runner() {
        Thread known = thread;
        return known != null ? known : started();
    }

    private Thread started() {
        starting.lock();
        try {
            Thread known = thread;
            if (known == null) {
                known = threads.newThread(this::run);
                known.start();
                thread = known;
            }
            return known;
        } catch (Throwable e) {
            log.logRarely(Level.ERROR, "the thread of an event loop could not be started", e);
            throw e;
        } finally {
            starting.unlock();
        }
    }

    @Override
    public boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    // ---- the loop's thread ----

    private void run() {
        while (!closed) {
            try {
                turn();
            } catch (Throwable e) {
                thrown = e;
            }
        }
    }

    private void turn() {
        var unused = Thread.interrupted(); // an interrupt is meant for no task, and would keep this thread from parking
        againAfterFailure();
        takeArrived();
        Task task = first;
        long wait = task == null ? Long.MAX_VALUE : task.dueNanos - System.nanoTime();
        if (task == null || wait > 0) {
            LockSupport.parkNanos(this, wait);
            return;
        }
        removeFirst(task);
        running = task;
        task.action.run();
        running = null;
    }

    private void againAfterFailure() {
        Throwable failure = thrown;
        if (failure == null) {
            return;
        }
        Task task = running;
        running = null;
        if (task != null) {
            task.dueNanos = System.nanoTime() + task.pauseNanos;
            task.pauseNanos = Math.min(2 * task.pauseNanos, LONGEST_PAUSE_NANOS);
            insert(task);
        }
        thrown = null;
        log.logRarely(Level.ERROR, "a task of an event loop failed, and is tried again", failure);
    }

    private void takeArrived() {
        Task newest = arrived.getAndSet(null);
        Task oldest = null;
        while (newest != null) {
            Task next = newest.next;
            newest.next = oldest;
            oldest = newest;
            newest = next;
        }
        while (oldest != null) {
            Task next = oldest.next;
            insert(oldest);
            oldest = next;
        }
    }

    /** Inserts a task behind all that are due before it or at the same time: mostly at the end. */
    private void insert(Task task) {
        Task before = last;
        while (before != null && before.dueNanos - task.dueNanos > 0) {
            before = before.previous;
        }
        Task after = before == null ? first : before.next;
        task.previous = before;
        task.next = after;
        if (before == null) {
            first = task;
        } else {
            before.next = task;
        }
        if (after == null) {
            last = task;
        } else {
            after.previous = task;
        }
    }

    private void removeFirst(Task task) {
        Task second = task.next;
        first = second;
        if (second == null) {
            last = null;
        } else {
            second.previous = null;
        }
        task.next = null;
    }

    private static final class Task {

        final Runnable action;
        long dueNanos;
        long pauseNanos = FIRST_PAUSE_NANOS;

        @Nullable
        Task previous;

        @Nullable
        Task next;

        Task(Runnable action, long dueNanos) {
            this.action = action;
            this.dueNanos = dueNanos;
        }
    }

    /**
     * A call and its continuation. The call is made once, however often the task runs: only the continuation is
     * retried.
     */
    private static final class Call<T> implements Runnable {

        private final Supplier<T> request;
        private final Consumer<T> answered;
        private final Consumer<RuntimeException> failed;
        private boolean asked;
        private @Nullable Runnable outcome;

        Call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
            this.request = request;
            this.answered = answered;
            this.failed = failed;
        }

        @Override
        public void run() {
            Runnable known = outcome;
            if (known == null) {
                known = asked ? failure(new CoordinatorUnavailableException("what a call came to was lost")) : ask();
                outcome = known;
            }
            known.run();
        }

        private Runnable ask() {
            asked = true;
            try {
                T answer = request.get();
                return () -> answered.accept(answer);
            } catch (RuntimeException e) {
                return failure(e);
            } catch (Throwable e) { // perhaps of the virtual machine: the call would be waited for forever
                return failure(new CoordinatorUnavailableException("a call to the coordinator broke off: " + e, e));
            }
        }

        private Runnable failure(RuntimeException e) {
            return () -> failed.accept(e);
        }
    }
}
