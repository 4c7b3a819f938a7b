package io.snowline.coordination.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Replaces files as a whole: others see the old content or the new one, and so does whoever looks after a crash. */
final class AtomicFile {

    private AtomicFile() {}

    /** Replaces a file; on return the new content survives a power cut. */
    static void replaceDurably(Path file, byte[] content, StepLock.Held held) throws IOException {
        Path next = writeNext(file, content, true);
        held.requireStillHeld();
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        sync(file.getParent());
    }

    /** Replaces a file; the new content survives this process, not a power cut, after which the file may be empty. */
    static void replace(Path file, byte[] content, StepLock.Held held) throws IOException {
        Path next = writeNext(file, content, false);
        held.requireStillHeld();
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
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
        Path next = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
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
            deleteAfter(e, next); // a full disk gets its space back
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

    /** Makes renames and new files in a directory durable (fsync(2), "calling fsync() does not necessarily ensure"). */
    private static void sync(@Nullable Path directory) throws IOException {
        if (directory == null || !isPosix(directory)) {
            return; // Windows has no such call, and its file systems log their directories
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
