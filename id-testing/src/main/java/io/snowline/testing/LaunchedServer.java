package io.snowline.testing;

import io.snowline.testing.Launcher.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A server that tests start, freeze, kill and start again, or one that was there before. Every server that was started
 * is killed when this JVM ends.
 *
 * <p>Not thread-safe.
 */
public abstract class LaunchedServer implements AutoCloseable {

    private static final int ATTEMPTS = 4;
    private static final Set<LaunchedServer> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> List.copyOf(RUNNING).forEach(LaunchedServer::close)));
    }

    private final Optional<Path> directory;
    private Optional<ServerProcess> process = Optional.empty();

    /**
     * Makes a server that does not run yet.
     *
     * @param directory where it keeps its files; empty if it was there before
     */
    LaunchedServer(Optional<Path> directory) {
        this.directory = directory;
    }

    /** Makes an empty directory for a server. */
    static Path newDirectory(String server) {
        try {
            return Files.createTempDirectory("snowline-" + server + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts servers, on other ports if other processes have taken the free ones meanwhile. */
    static <T> T retrying(Supplier<T> attempt) {
        for (int i = 1; i < ATTEMPTS; i++) {
            try {
                return attempt.get();
            } catch (StartFailed e) {
                System.out.println("Trying other ports: " + e.getMessage());
            }
        }
        return attempt.get();
    }

    /** Starts the process; {@link #awaitAnswer} follows. */
    final void launch(Launcher launcher, List<String> arguments, List<Integer> ports) {
        RUNNING.add(this);
        process = Optional.of(launcher.launch(arguments, ports, directory()));
    }

    /** Waits until the server answers. */
    final void awaitAnswer(Duration deadline) {
        ServerProcess launched = process();
        Await.until("an answer of " + this, deadline, () -> answers() || !launched.alive());
        if (!launched.alive()) {
            String log = launched.log();
            close();
            throw new StartFailed(this + " ended immediately:\n" + log);
        }
    }

    abstract boolean answers();

    /** Tells whether this JVM has started the server. */
    final boolean ours() {
        return directory.isPresent();
    }

    /** Returns the directory of the server's files. */
    public final Path directory() {
        return directory.orElseThrow(this::notOurs);
    }

    final boolean running() {
        return process().alive();
    }

    /** Kills the server as {@code kill -9} does. */
    public final void kill() {
        process().kill();
    }

    /**
     * Freezes the server, without its noticing, until {@link #resume}: connections stay open and nothing is answered.
     */
    public final void pause() {
        process().pause();
    }

    public final void resume() {
        process().resume();
    }

    /** Kills the server if this JVM has started it; a second call does nothing. */
    @Override
    public void close() {
        RUNNING.remove(this);
        process.filter(ServerProcess::alive).ifPresent(ServerProcess::kill);
        directory.filter(Files::exists).ifPresent(files -> deleteFiles(files, true));
    }

    private ServerProcess process() {
        return process.orElseThrow(this::notOurs);
    }

    private UnsupportedOperationException notOurs() {
        return new UnsupportedOperationException(this + " was not started by this test and cannot be controlled");
    }

    /** Deletes what is in a directory. */
    static void deleteFiles(Path directory, boolean itself) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (itself || !file.equals(directory)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            System.out.println("Could not delete " + directory + ": " + e);
        }
    }

    /** A server ended immediately: most likely another process has taken a port meanwhile. */
    private static final class StartFailed extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        StartFailed(String message) {
            super(message);
        }
    }
}
