package io.snowline.coordination.local;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Locates the traces of a directory's namespaces: next to the directory, so that they outlive it.
 *
 * <pre>
 *   &lt;directory&gt;.traces/&lt;namespace&gt;.txt     the token of the namespace record written last
 *                     &lt;namespace&gt;.lock    locked while the token is compared and written; never deleted
 * </pre>
 *
 * <p>The traces must be as durable as the directory, and visible to the same processes. If the directory is a mount
 * point (a container's volume), its neighbours are on another file system, and no traces are kept.
 *
 * <p>Thread-safe.
 */
final class NamespaceTraces {

    private static final System.Logger LOG = System.getLogger(NamespaceTraces.class.getName());

    private final Path directory;
    private final AtomicBoolean told = new AtomicBoolean();

    /**
     * @param directory the coordinator's directory, absolute
     */
    NamespaceTraces(Path directory) {
        this.directory = directory;
    }

    NamespaceTrace of(String namespace, Duration lockTimeout) {
        Optional<Path> place = place();
        return new NamespaceTrace(place, namespace, lockTimeout);
    }

    /** Returns the traces' directory; empty if none can be kept. */
    private Optional<Path> place() {
        try {
            Path real = real(directory);
            Path parent = real.getParent();
            if (parent == null) {
                return none("it has no parent");
            }
            Path existing = nearestExisting(parent);
            if (Files.exists(real) && !store(real).equals(store(existing))) {
                return none("it is a mount point; name a directory inside of it");
            }
            Path traces = real.resolveSibling(real.getFileName() + ".traces");
            Path written = Files.exists(traces) ? traces : existing;
            return Files.isWritable(written) ? Optional.of(traces) : none("'" + written + "' cannot be written");
        } catch (IOException e) {
            return none(e.toString());
        }
    }

    private Optional<Path> none(String why) {
        if (told.compareAndSet(false, true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "nothing can be kept next to directory ''{0}'', since {1}: a namespace that is not in it counts as lost, not as new",
                    directory,
                    why);
        }
        return Optional.empty();
    }

    private static FileStore store(Path path) throws IOException {
        return Files.getFileStore(path);
    }

    /** Returns the real path of a file that exists, existed, or will exist. */
    private static Path real(Path path) throws IOException {
        Path parent = path.getParent();
        if (Files.exists(path) || parent == null) {
            return path.toRealPath();
        }
        return Files.isSymbolicLink(path)
                ? real(parent.resolve(Files.readSymbolicLink(path)).normalize())
                : real(parent).resolve(path.getFileName());
    }

    private static Path nearestExisting(Path path) {
        Path parent = path.getParent();
        return Files.exists(path) || parent == null ? path : nearestExisting(parent);
    }
}
