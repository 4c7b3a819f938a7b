package io.snowline.coordination.local;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.CodeSource;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Tries whether a lock on a file in a directory keeps another process out, by starting one. That shows locks that do
 * nothing. It does not show locks that hold on this machine alone.
 *
 * <p>Immutable and thread-safe.
 */
final class LockProbe {

    private static final System.Logger LOG = System.getLogger(LockProbe.class.getName());
    private static final int LOCKED_ALTHOUGH_HELD = 77;
    private static final int PATIENCE_SECONDS = 30;

    private final Path directory;
    private final UnaryOperator<Path> seenByOther;

    LockProbe(Path directory) {
        this(directory, UnaryOperator.identity());
    }

    /**
     * @param seenByOther returns the file that the other process locks, given the one that this process has locked
     */
    LockProbe(Path directory, UnaryOperator<Path> seenByOther) {
        this.directory = directory;
        this.seenByOther = seenByOther;
    }

    /** The other process. Argument: the file. Its exit status tells whether it got the lock. */
    public static void main(String[] args) throws IOException {
        boolean locked;
        try (FileChannel channel =
                        FileChannel.open(Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            locked = lock != null;
        }
        System.exit(locked ? LOCKED_ALTHOUGH_HELD : 0);
    }

    /** Returns false if another process got a lock that this one held; true also if no process could be started. */
    boolean keepsOthersOut() {
        try {
            Path file = Files.createTempFile(directory, "snowline-probe", ".lock");
            Path seen = seenByOther.apply(file);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                return !(lock.isValid() && anotherLocks(seen));
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(seen);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "whether locks in '" + directory + "' work could not be tried", e);
            return true;
        }
    }

    private static boolean anotherLocks(Path file) throws IOException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx16m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        ownCode().toString(),
                        LockProbe.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!other.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the second process did not end within " + PATIENCE_SECONDS + " s");
            }
            return outcome(other.exitValue());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the second process", e);
        } finally {
            other.destroyForcibly();
        }
    }

    /** Returns the directory or archive that has this class, which needs nothing else to run. */
    private static Path ownCode() throws IOException {
        CodeSource source = LockProbe.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new IOException("this program does not tell where its classes are");
        }
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            throw new IOException("a second process cannot run the classes of " + source.getLocation(), e);
        }
    }

    private static boolean outcome(int status) throws IOException {
        if (status != 0 && status != LOCKED_ALTHOUGH_HELD) {
            throw new IOException("the second process ended with status " + status);
        }
        return status == LOCKED_ALTHOUGH_HELD;
    }
}
