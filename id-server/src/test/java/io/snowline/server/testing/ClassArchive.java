package io.snowline.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * An archive of the classes that the server loads at start, as made by {@code ./serve}: with it a start takes less than
 * half the time.
 *
 * <p>Thread-safe; JVMs of the same build share the archive.
 */
public final class ClassArchive {

    private static final Path DIRECTORY = Path.of("target", "class-archive").toAbsolutePath();

    private ClassArchive() {}

    /** Returns the JVM options that use the archive; creates it first if it is missing or outdated. */
    static synchronized List<String> options() {
        try {
            Files.createDirectories(DIRECTORY);
            Path archive = DIRECTORY.resolve("server-" + Runtime.version() + ".jsa");
            try (FileChannel channel = FileChannel.open(
                            DIRECTORY.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && outdated(archive)) {
                    make(archive);
                }
            }
            return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-Xlog:class+path=off");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean outdated(Path archive) throws IOException {
        Path jar = ServerProcess.jar();
        return !Files.exists(archive)
                || Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) < 0;
    }

    /** Starts a server, asks it for an ID, and lets the JVM archive, as it ends, the classes that it has loaded. */
    private static void make(Path archive) throws IOException {
        Path made = DIRECTORY.resolve("made.jsa");
        Path rehearsal = Files.createTempDirectory(DIRECTORY, "rehearsal");
        List<String> options = List.of("-XX:ArchiveClassesAtExit=" + made);
        try (ServerProcess server = ServerProcess.start(rehearsal, "", options, Map.of())) {
            server.awaitReady();
            server.get("/v1/default/ids?count=10");
            server.terminate();
        }
        Files.move(made, archive, StandardCopyOption.REPLACE_EXISTING);
    }
}
