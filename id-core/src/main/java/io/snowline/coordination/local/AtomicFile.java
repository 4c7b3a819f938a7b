package io.snowline.coordination.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Replaces files as a whole: a reader sees either the old content or the new, even after a crash. */
final class AtomicFile {

    private static final String UNFINISHED = ".tmp";

    private AtomicFile() {}

    /** Deletes what unfinished writes have left in a directory. */
    static void deleteUnfinished(Path directory) throws IOException {
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(directory, "*" + UNFINISHED)) {
            for (Path file : unfinished) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Replaces a file; once this returns, the new content survives a power failure. */
    static void replaceDurably(Path file, byte[] content, StepLock.Held held) throws IOException {
        Path next = writeNext(file, content, true);
        moveInto(file, next, held);
        sync(file.getParent());
    }

    /**
     * Replaces a file; the new content survives this process, but not a power failure, after which the file may be
     * empty.
     */
    static void replace(Path file, byte[] content, StepLock.Held held) throws IOException {
        Path next = writeNext(file, content, false);
        moveInto(file, next, held);
    }

    private static void moveInto(Path file, Path next, StepLock.Held held) throws IOException {
        try {
            held.requireStillHeld();
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            deleteAfter(e, next);
            throw e;
        }
    }

    /** Makes a directory and its parents, durably. */
    static void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            createDirectories(parent);
        }
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
        sync(parent);
    }

    private static Path writeNext(Path file, byte[] content, boolean durable) throws IOException {
        String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
        Path next = file.resolveSibling(file.getFileName() + "." + random + UNFINISHED);
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeFully(channel, content, next);
            if (durable) {
                channel.force(true);
            }
        }
        return next;
    }

    private static void writeFully(FileChannel channel, byte[] content, Path next) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            deleteAfter(e, next); // gives the space back when the disk is full
            throw e;
        }
    }

    private static void deleteAfter(IOException failure, Path next) {
        try {
            Files.deleteIfExists(next);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Makes renames and new files in a directory durable (see fsync(2), "calling fsync() does not necessarily ensure").
     */
    private static void sync(@Nullable Path directory) throws IOException {
        if (directory == null || !isPosix(directory)) {
            return; // Windows has no such call, and its file systems journal their directories
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
