package io.snowline.coordination.local;

import io.snowline.time.TimeSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Allows one step at a time on a namespace, across the threads of this process and across processes. If a process dies,
 * the kernel releases its lock.
 *
 * <p>Thread-safe.
 */
final class StepLock {

    /*
     * POSIX locks belong to the process and the file, not to the channel: closing ANY channel of the file silently
     * releases the lock that this process holds through another one (fcntl(2), "record locks are ... released"). Hence:
     *
     *  - the lock file is opened here and nowhere else, and has no content for anyone to read;
     *  - there is one StepLock per file and JVM (LOCKS), with a mutex in it, so that there is one channel at a time;
     *  - another class loader has its own LOCKS. The JDK reports its lock by OverlappingFileLockException, and we wait
     *    for it as for the lock of another process; but from then on our channel must stay open until we have held the
     *    lock through it. So only a step that holds the lock closes a channel, and a step that timed out leaves its
     *    channel to the next (`waiting`).
     *
     * A lock on a deleted file protects nothing. So the file is identified (by fileKey: device and inode) before it is
     * opened, again once it is locked, and before anything is written. The inode cannot be reused while our channel is
     * open.
     */

    private static final System.Logger LOG = System.getLogger(StepLock.class.getName());
    private static final Map<Path, StepLock> LOCKS = new ConcurrentHashMap<>();
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Path file;
    private final TimeSource time = TimeSource.system();
    private final ReentrantLock threads = new ReentrantLock();
    private @Nullable Opened waiting; // under the mutex

    private StepLock(Path file) {
        this.file = file;
    }

    /** Returns the lock on a file, given by its real path; there is one per file in this JVM. */
    static StepLock of(Path file) {
        return LOCKS.computeIfAbsent(file, StepLock::new);
    }

    /** An action that runs while no other step does. */
    @FunctionalInterface
    interface Step<T> {
        T run(Held held) throws IOException;
    }

    /** The lock, as held by a running step. */
    @FunctionalInterface
    interface Held {
        /**
         * Checks that the lock file has not been deleted or replaced under the step.
         *
         * @throws IOException if it has
         */
        void requireStillHeld() throws IOException;
    }

    /**
     * Runs a step exclusively.
     *
     * @throws IOException if the lock was not free in time, or if the step threw it
     */
    <T> T run(Duration timeout, Step<T> step) throws IOException {
        long deadline = time.monotonicNanos() + timeout.toNanos();
        lockThreads(timeout);
        try (Opened opened = locked(deadline, timeout)) {
            return step.run(opened);
        } finally {
            threads.unlock();
        }
    }

    private void lockThreads(Duration timeout) throws IOException {
        try {
            if (!threads.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy(timeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for '" + file + "'");
        }
    }

    private Opened locked(long deadline, Duration timeout) throws IOException {
        while (true) {
            Opened opened = open();
            waiting = opened;
            while (!opened.tryLock()) {
                pauseBefore(deadline, timeout);
            }
            waiting = null;
            if (opened.isCurrent()) {
                return opened;
            }
            opened.close();
            pauseBefore(deadline, timeout);
        }
    }

    private Opened open() throws IOException {
        Opened left = waiting;
        if (left != null && left.isCurrent()) {
            return left;
        }
        if (left != null) {
            left.close(); // of a deleted file; its lock means nothing
        }
        Optional<Object> before = fileKey(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        return new Opened(file, channel, before.isPresent() ? before : fileKey(file));
    }

    private void pauseBefore(long deadline, Duration timeout) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while waiting for '" + file + "'");
        }
        if (time.monotonicNanos() - deadline >= 0) {
            throw busy(timeout);
        }
        time.parkNanos(ThreadLocalRandom.current().nextLong(SHORTEST_PAUSE_NANOS, LONGEST_PAUSE_NANOS));
    }

    private IOException busy(Duration timeout) {
        return new FileSystemException(
                file.toString(), null, "other processes and threads have had it locked for " + timeout);
    }

    /** Returns a key that tells a file from a later one at the same path; empty if there is no file, or no such key. */
    private static Optional<Object> fileKey(Path file) {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "'" + file + "' cannot be looked at", e);
            return Optional.empty();
        }
    }

    /** The opened lock file, and the lock on it if there is one. */
    private static final class Opened implements Held, AutoCloseable {

        private final Path file;
        private final FileChannel channel;
        private final Optional<Object> key;

        Opened(Path file, FileChannel channel, Optional<Object> key) {
            this.file = file;
            this.channel = channel;
            this.key = key;
        }

        boolean tryLock() throws IOException {
            try {
                FileLock lock = channel.tryLock();
                return lock != null;
            } catch (OverlappingFileLockException e) {
                LOG.log(System.Logger.Level.TRACE, () -> "another class loader has locked '" + file + "'", e);
                return false;
            }
        }

        boolean isCurrent() {
            return channel.isOpen() && key.equals(fileKey(file));
        }

        @Override
        public void requireStillHeld() throws IOException {
            if (!isCurrent()) {
                throw new FileSystemException(file.toString(), null, "was deleted or replaced during a step");
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
