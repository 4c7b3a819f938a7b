package io.snowline.coordination.local;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Trace;
import io.snowline.coordination.support.RecordSet;
import io.snowline.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A coordinator over a directory, for the processes of one machine.
 *
 * <p>Each namespace has its own sub-directory, with one file that holds every record: losing part of it means losing
 * all of it, and one rename is one atomic step. The traces that tell whether a namespace was ever created lie
 * {@linkplain NamespaceTraces next to the directory}. There is no identity, since a directory either is there or is
 * not, no clock but this machine's, and no ledger.
 *
 * <p>Thread-safe. Nothing stays open between two steps.
 */
final class LocalCoordinator implements NodeCoordinator {

    /** It has none, and no clock: a directory shows neither. */
    private static final String IDENTITY = "";

    private final Path directory;
    private final Duration lockTimeout;
    private final TimeSource time;
    private final String networkFileSystem;
    private final NamespaceTraces traces;

    /**
     * @param networkFileSystem the type of the file system if it belongs to another machine; empty otherwise
     */
    LocalCoordinator(Path directory, Duration lockTimeout, TimeSource time, String networkFileSystem) {
        this.directory = directory;
        this.lockTimeout = lockTimeout;
        this.time = time;
        this.networkFileSystem = networkFileSystem;
        this.traces = new NamespaceTraces(directory);
    }

    @Override
    public StoreView read(String namespace) {
        NamespaceDirectory files = files(namespace);
        NamespaceTrace trace = trace(namespace);
        return attempt(files.directory(), () -> {
            Trace left = trace.read(); // before the records, so that it is not newer than they are (C11)
            return files.read().view(IDENTITY, Optional.empty(), left);
        });
    }

    @Override
    public Replaced replace(String namespace, Replacement replacement) {
        NamespaceDirectory files = files(namespace);
        if (replacement.trace().kind() == Trace.Kind.UNKNOWN) {
            return attempt(files.directory(), () -> replace(files, replacement, () -> {}));
        }
        NamespaceTrace trace = trace(namespace);
        return attempt(
                trace.file(),
                () -> trace.alone(held -> {
                    if (!trace.read().equals(replacement.trace())) {
                        return new Replaced(false, files.read().viewFor(replacement, IDENTITY, Optional.empty()));
                    }
                    return replace(files, replacement, () -> {
                        files.clear();
                        trace.write(replacement, held);
                    });
                }));
    }

    private static Replaced replace(NamespaceDirectory files, Replacement replacement, Before before)
            throws IOException {
        return files.alone(held -> {
            RecordSet seen = files.read();
            boolean applied = replacement.identity().equals(IDENTITY) && seen.matches(replacement);
            RecordSet after = applied ? seen.with(replacement) : seen;
            if (applied) {
                before.run();
                files.write(after, held);
            }
            return new Replaced(applied, after.viewFor(replacement, IDENTITY, Optional.empty()));
        });
    }

    /** An action to run once a step is known to match, before its records are written. */
    @FunctionalInterface
    private interface Before {
        void run() throws IOException;
    }

    private NamespaceTrace trace(String namespace) {
        return traces.of(namespace, lockTimeout);
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        return new LocalLock(files(namespace), name, time);
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        return Optional.empty();
    }

    @Override
    public Scope scope() {
        return Scope.MACHINE;
    }

    @Override
    public List<String> advisories() {
        if (networkFileSystem.isEmpty()) {
            return List.of();
        }
        return List.of(
                "directory '%s' is on a file system of type %s: IDs are unique only if its file locks and renames work"
                        .formatted(directory, networkFileSystem));
    }

    @Override
    public void close() {
        // Nothing stays open between two steps.
    }

    @Override
    public String toString() {
        return "local directory " + directory;
    }

    private NamespaceDirectory files(String namespace) {
        return new NamespaceDirectory(directory, namespace, lockTimeout);
    }

    /**
     * Runs a file action and turns an I/O failure into an unknown outcome: a rename may have happened although it
     * failed.
     */
    static <T> T attempt(Path path, FileAction<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            throw new CoordinatorUnavailableException(
                    "directory '%s' cannot be used: %s".formatted(path, describe(e)), e);
        }
    }

    private static String describe(IOException e) {
        String message = e.getMessage();
        String type = e.getClass().getSimpleName();
        return message == null ? type : type + ": " + message;
    }

    /** An action on files. */
    @FunctionalInterface
    interface FileAction<T> {
        T run() throws IOException;
    }
}
