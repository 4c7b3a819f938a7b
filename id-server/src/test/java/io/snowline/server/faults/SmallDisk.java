package io.snowline.server.faults;

import io.snowline.testing.Commands;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A file system of 256 KiB of its own, in memory, which can be filled or made read-only. Mounting it requires root. */
final class SmallDisk implements AutoCloseable {

    private static final byte[] BLOCK = new byte[4096];
    private static final int TIMES = 5;
    private static final int TRIES_WHILE_BUSY = 40;
    private static final Duration BETWEEN = Duration.ofMillis(50);

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** Tells whether this process may mount one. */
    static boolean canBeMounted(Path scratch) throws IOException {
        Path directory = Files.createDirectories(scratch.resolve("try-mount"));
        return Commands.succeeds("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory.toString())
                && Commands.succeeds("umount", directory.toString());
    }

    /** Mounts one over an empty directory, which is made if it is missing. */
    static SmallDisk mount(Path directory) throws IOException {
        Files.createDirectories(directory);
        Commands.run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", directory.toString());
        return new SmallDisk(directory);
    }

    /**
     * Fills it to the last byte, several times: a process that replaces a file meanwhile frees the old file's block,
     * and could go on with that forever.
     */
    void fill() {
        for (int i = 0; i < TIMES; i++) {
            fillOnce();
            LockSupport.parkNanos(BETWEEN.toNanos());
        }
    }

    private void fillOnce() {
        try (OutputStream filler =
                Files.newOutputStream(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                filler.write(BLOCK);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Frees what {@link #fill} took. */
    void free() {
        try {
            Files.deleteIfExists(filler());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path filler() {
        return directory.resolve("filler");
    }

    /** Tries again while a server has a file open for writing, which makes the file system busy. */
    void makeReadOnly() {
        String[] remount = {"mount", "-o", "remount,ro", directory.toString()};
        for (int i = 0; i < TRIES_WHILE_BUSY; i++) {
            if (Commands.succeeds(remount)) {
                return;
            }
            LockSupport.parkNanos(BETWEEN.toNanos());
        }
        Commands.run(remount);
    }

    void makeWritable() {
        Commands.run("mount", "-o", "remount,rw", directory.toString());
    }

    @Override
    public void close() {
        Commands.run("umount", "--lazy", directory.toString());
    }
}
