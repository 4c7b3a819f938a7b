package io.snowline.coordination.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeCoordinatorFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalCoordinatorFactoryTest {

    @TempDir
    Path temporary;

    private final LocalCoordinatorFactory factory = new LocalCoordinatorFactory();

    @Test
    void theServiceLoaderFindsIt() {
        assertThat(ServiceLoader.load(NodeCoordinatorFactory.class))
                .filteredOn(found -> found.type().equals("local"))
                .singleElement()
                .isInstanceOf(LocalCoordinatorFactory.class);
    }

    @Test
    void theDirectoryIsAsDocumentedByDefault() {
        try (NodeCoordinator coordinator = factory.open()) {
            assertThat(coordinator)
                    .hasToString("local directory " + Path.of("id-data").toAbsolutePath());
        }
    }

    @Test
    void openingChangesNothing() {
        factory.setDirectory(temporary.resolve("not/yet").toString());
        try (NodeCoordinator coordinator = factory.open()) {
            assertThat(coordinator).hasToString("local directory " + temporary.resolve("not/yet"));
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void aFileIsNoDirectory() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));

        factory.setDirectory(file.toString());
        assertThatThrownBy(factory::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("directory must be a directory, got '%s', which is something else", file);

        factory.setDirectory(file.resolve("in/it").toString());
        assertThatThrownBy(factory::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be inside a directory")
                .hasMessageContaining(file.resolve("in/it").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a\0b"})
    void whatIsNoPathIsRefused(String directory) {
        assertThatThrownBy(() -> factory.setDirectory(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("directory must");
    }

    @Test
    void aLockTimeoutOutsideItsRangeIsRefused() {
        Duration forever = ChronoUnit.FOREVER.getDuration();
        for (Duration timeout : new Duration[] {Duration.ZERO, Duration.ofMillis(-1), Duration.ofHours(2), forever}) {
            assertThatThrownBy(() -> factory.setLockTimeout(timeout), timeout.toString())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("lockTimeout must be from 1 ms to 1 h, got " + timeout);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nfs",
                "nfs4",
                "CIFS",
                "smb3",
                "fuse.sshfs",
                "9p",
                "virtiofs",
                "fakeowner",
                "grpcfuse",
                "osxfs",
                "fuse",
                "fuseblk",
                "vboxsf",
                "prl_fs",
                "vmhgfs",
                "drvfs",
                "gpfs",
                "orangefs",
                "fhgfs",
                "autofs",
                ""
            })
    void aFileSystemThatIsNotKnownToHaveWorkingLocksIsRefusedUnlessAllowed(String type) {
        assertThat(LocalCoordinatorFactory.isKnown(type)).isFalse();
        LockProbe probe = new LockProbe(temporary);
        assertThatThrownBy(() -> factory.requireLocks(temporary, type, probe))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "directory must be on a file system that is known to have working locks (apfs, bcachefs, btrfs, ext2, ext3, ext4, f2fs, hfs, jfs, ntfs, overlay, overlayfs, ramfs, refs, reiserfs, tmpfs, ufs, xfs, zfs), got '%s' on one of type %s; use a backend instead, or set allowNetworkFileSystem if its locks are known to work between all processes that use it",
                        temporary, type);
        assertThat(temporary).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "apfs", "NTFS"})
    void disksOfTheMachineAreKnown(String type) {
        assertThat(LocalCoordinatorFactory.isKnown(type)).isTrue();
    }

    @Test
    void whatIsAllowedIsTriedWithASecondProcess() throws IOException {
        factory.setAllowNetworkFileSystem(true);
        factory.requireLocks(temporary, "virtiofs", new LockProbe(temporary));
        assertThat(temporary).isEmptyDirectory();

        LockProbe open = new LockProbe(temporary, file -> file.resolveSibling("another"));
        assertThatThrownBy(() -> factory.requireLocks(temporary, "virtiofs", open))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "directory must be on a file system with working locks, got '%s' on one of type virtiofs: a second process got a lock that this one held",
                        temporary);
    }

    @Test
    void whatIsRefusedIsInTheDocumentation() throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "coordinators.md")))
                .contains(
                        "`directory must be on a file system that is known to have working locks`",
                        "`a second process got a lock that this one held`");
    }
}
