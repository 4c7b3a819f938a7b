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
import java.util.TreeSet;

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
 * <tr><td>allowNetworkFileSystem</td><td>false</td><td>accept a directory on a file system that is not known to have
 *   working locks, such as NFS, SMB, sshfs, or a folder that a virtual machine shares with its host</td></tr>
 * </table>
 *
 * <p><b>Does not guarantee.</b> IDs are unique among the processes that share the directory, and no others: two
 * machines with a directory each have two separate namespaces, whatever their names. On a network file system or a shared
 * folder, file locks and caches may not behave as on a local disk, so each type that is not known to be local is refused
 * unless allowed; and if it is allowed, a second process is started to see whether a lock keeps it out. Restoring an old copy of the
 * directory takes back what was reserved since: delete the directory rather than restore it, but not the traces next to
 * it: its namespaces then count as lost and start above everything that may have been issued. A disk that acknowledges
 * data it has not stored is trusted, except that losing the whole directory is safe.
 *
 * <p>Not thread-safe; the coordinators it creates are.
 */
public final class LocalCoordinatorFactory implements NodeCoordinatorFactory {

    /** The name of this factory in a configuration. */
    public static final String TYPE = "local";

    /** Types whose locks and renames are those of one kernel, as operating systems name them. */
    private static final Set<String> KNOWN_FILE_SYSTEMS = Set.of(
            "ext2",
            "ext3",
            "ext4",
            "xfs",
            "btrfs",
            "zfs",
            "f2fs",
            "jfs",
            "bcachefs",
            "reiserfs",
            "tmpfs",
            "ramfs",
            "overlay",
            "overlayfs",
            "apfs",
            "hfs",
            "ufs",
            "ntfs",
            "refs");

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

    /** Sets whether a directory on a file system that is not known to have working locks is accepted. */
    public void setAllowNetworkFileSystem(boolean allowNetworkFileSystem) {
        this.allowNetworkFileSystem = allowNetworkFileSystem;
    }

    /**
     * Creates a coordinator. Inspects the file system and changes nothing in it; on one that was allowed, locks a file
     * for a moment, and deletes it.
     *
     * @throws IllegalArgumentException if the path cannot be a directory, is not writable, or is on a file system that
     *     is not known to have working locks and was not allowed, or whose locks do not work
     */
    @Override
    public NodeCoordinator open() {
        Path path = Path.of(directory).toAbsolutePath().normalize();
        Path existing = nearestExisting(path);
        requireWritableDirectory(path, existing);
        String fileSystem = fileSystem(existing);
        boolean known = isKnown(fileSystem);
        if (!known) {
            requireLocks(path, fileSystem, new LockProbe(existing));
        }
        return new LocalCoordinator(path, lockTimeout, TimeSource.system(), known ? "" : fileSystem);
    }

    /** Tells whether a file system of this type, as named by the operating system, is known to have working locks. */
    static boolean isKnown(String fileSystem) {
        return KNOWN_FILE_SYSTEMS.contains(fileSystem.toLowerCase(Locale.ROOT));
    }

    /**
     * @throws IllegalArgumentException if the file system was not allowed, or the probe shows that its locks do not work
     */
    void requireLocks(Path path, String fileSystem, LockProbe probe) {
        if (!allowNetworkFileSystem) {
            throw new IllegalArgumentException(
                    ("directory must be on a file system that is known to have working locks (%s), got '%s' on one of type"
                                    + " %s; use a backend instead, or set allowNetworkFileSystem if its locks are known to"
                                    + " work between all processes that use it")
                            .formatted(String.join(", ", new TreeSet<>(KNOWN_FILE_SYSTEMS)), path, fileSystem));
        }
        if (!probe.keepsOthersOut()) {
            throw new IllegalArgumentException(
                    "directory must be on a file system with working locks, got '%s' on one of type %s: a second process got a lock that this one held"
                            .formatted(path, fileSystem));
        }
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
