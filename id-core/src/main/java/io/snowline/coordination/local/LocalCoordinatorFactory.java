package io.snowline.coordination.local;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeCoordinatorFactory;
import io.snowline.coordination.support.Checks;
import io.snowline.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/**
 * Creates coordinators that keep their records in a directory on this machine. Needs nothing but the JDK.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>directory</td><td>./id-data</td><td>where the records are stored; created at the first write. Processes that
 *   name the same directory share its namespaces</td></tr>
 * <tr><td>lockTimeout</td><td>5s</td><td>how long a step waits for other processes and threads to finish
 *   theirs</td></tr>
 * <tr><td>allowNetworkFileSystem</td><td>false</td><td>accept a directory on NFS, SMB, sshfs and the like</td></tr>
 * </table>
 *
 * <p><b>Does not guarantee.</b> IDs are unique among the processes that share the directory, and no others: two
 * machines with a directory each have two separate namespaces, whatever their names. On a network file system, file
 * locks and caches may not behave as on a local disk, so it is refused unless allowed. Restoring an old copy of the
 * directory takes back what was reserved since: delete the directory rather than restore it, but not the traces next to
 * it: its namespaces then count as lost and start above everything that may have been issued. A disk that acknowledges
 * data it has not stored is trusted, except that losing the whole directory is safe.
 *
 * <p>Not thread-safe; the coordinators it creates are.
 */
public final class LocalCoordinatorFactory implements NodeCoordinatorFactory {

    /** The name of this factory in a configuration. */
    public static final String TYPE = "local";

    private static final Set<String> NETWORK_FILE_SYSTEMS = Set.of(
            "nfs",
            "nfs4",
            "cifs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "afpfs",
            "webdav",
            "davfs",
            "afs",
            "ncpfs",
            "9p",
            "ceph",
            "glusterfs",
            "lustre",
            "beegfs",
            "gfs2",
            "ocfs2");

    private String directory = "./id-data";
    private Duration lockTimeout = Duration.ofSeconds(5);
    private boolean allowNetworkFileSystem;

    /** Creates a factory with the default settings. */
    public LocalCoordinatorFactory() {}

    @Override
    public String type() {
        return TYPE;
    }

    /**
     * Sets where the records are stored; a relative path is resolved against the process's working directory.
     *
     * @throws IllegalArgumentException if it is blank, or not a valid path on this operating system
     */
    public void setDirectory(String directory) {
        if (directory.isBlank()) {
            throw new IllegalArgumentException("directory must not be blank, got '" + directory + "'");
        }
        try {
            this.directory = Path.of(directory).toString();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("directory must be a path, got '" + directory + "'", e);
        }
    }

    /**
     * Sets how long a step waits for other processes and threads to finish theirs. A step takes milliseconds, unless
     * its process is suspended in the middle of it.
     *
     * @throws IllegalArgumentException if it is not from 1 ms to 1 h
     */
    public void setLockTimeout(Duration lockTimeout) {
        this.lockTimeout = Checks.requireTimeout("lockTimeout", lockTimeout);
    }

    /** Sets whether a directory on a network file system is accepted. */
    public void setAllowNetworkFileSystem(boolean allowNetworkFileSystem) {
        this.allowNetworkFileSystem = allowNetworkFileSystem;
    }

    /**
     * Creates a coordinator. Inspects the file system and changes nothing in it.
     *
     * @throws IllegalArgumentException if the path cannot be a directory, is not writable, or is on a network file
     *     system that was not allowed
     */
    @Override
    public NodeCoordinator open() {
        Path path = Path.of(directory).toAbsolutePath().normalize();
        Path existing = nearestExisting(path);
        requireWritableDirectory(path, existing);
        String fileSystem = fileSystem(existing);
        boolean network = isNetwork(fileSystem);
        if (network && !allowNetworkFileSystem) {
            throw new IllegalArgumentException(
                    "directory must be on a disk of this machine, got '%s' on a file system of type %s; use a backend instead,"
                                    .formatted(path, fileSystem)
                            + " or set allowNetworkFileSystem if its file locks are known to work");
        }
        return new LocalCoordinator(path, lockTimeout, TimeSource.system(), network ? fileSystem : "");
    }

    /**
     * Tells whether a file store of this type, as named by the operating system, has locks that cannot be relied on.
     */
    static boolean isNetwork(String fileSystem) {
        String name = fileSystem.toLowerCase(Locale.ROOT);
        return NETWORK_FILE_SYSTEMS.contains(name) || name.startsWith("fuse.");
    }

    private static void requireWritableDirectory(Path path, Path existing) {
        if (!Files.isDirectory(existing)) {
            throw new IllegalArgumentException(
                    existing.equals(path)
                            ? "directory must be a directory, got '" + path + "', which is something else"
                            : "directory must be inside a directory, got '" + path + "', and '" + existing
                                    + "' is something else");
        }
        if (!Files.isWritable(existing) || !Files.isExecutable(existing)) {
            throw new IllegalArgumentException(
                    existing.equals(path)
                            ? "directory must be writable, got '" + path + "', which is not"
                            : "directory must be inside a writable directory, got '%s', and '%s' is not"
                                    .formatted(path, existing));
        }
    }

    private static Path nearestExisting(Path path) {
        Path existing = path;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }

    private static String fileSystem(Path existing) {
        try {
            return Files.getFileStore(existing).type();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "directory must be on a file system that tells its type, got '" + existing + "'", e);
        }
    }
}
