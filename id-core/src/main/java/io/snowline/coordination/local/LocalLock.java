package io.snowline.coordination.local;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.support.Checks;
import io.snowline.coordination.support.Names;
import io.snowline.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A lock stored as a small file: the token, the expiry, and when it runs out on the wall clock. Steps on it are
 * serialized with all others of the namespace.
 *
 * <p>The file is not forced to disk: a power failure that loses it also ends the lock's holder. A file that is empty
 * after one is a lock that is free.
 *
 * <p>Thread-safe.
 */
final class LocalLock implements DistributedLock {

    private final NamespaceDirectory files;
    private final String name;
    private final TimeSource time;

    LocalLock(NamespaceDirectory files, String name, TimeSource time) {
        this.files = files;
        this.name = Names.requireLock(name);
        this.time = time;
    }

    @Override
    public boolean tryLock(String token, Duration expiry) {
        Names.requireToken(token);
        Checks.requireKeepable("expiry", expiry);
        return LocalCoordinator.attempt(
                files.directory(),
                () -> files.alone(held -> {
                    long now = time.wallMillis();
                    if (holder().filter(holder -> holder.isLive(now)).isPresent()) {
                        return false;
                    }
                    Holder holder = new Holder(token, expiry.toMillis(), now + expiry.toMillis());
                    AtomicFile.replace(file(), CheckedText.seal(header(), holder.lines()), held);
                    return true;
                }));
    }

    @Override
    public boolean unlock(String token) {
        Names.requireToken(token);
        return LocalCoordinator.attempt(
                files.directory(),
                () -> files.alone(held -> {
                    long now = time.wallMillis();
                    boolean mine = holder().filter(holder -> holder.token().equals(token) && holder.isLive(now))
                            .isPresent();
                    if (mine) {
                        held.requireStillHeld();
                        Files.deleteIfExists(file());
                    }
                    return mine;
                }));
    }

    @Override
    public boolean isHeld() {
        long now = time.wallMillis();
        return LocalCoordinator.attempt(files.directory(), () -> holder().filter(holder -> holder.isLive(now))
                .isPresent());
    }

    @Override
    public String toString() {
        return "lock '" + name + "' of " + files.directory();
    }

    private Optional<Holder> holder() throws IOException {
        if (Files.exists(file()) && Files.size(file()) == 0) {
            return Optional.empty();
        }
        return NamespaceDirectory.read(file(), header(), Holder::parse);
    }

    private Path file() {
        return files.directory().resolve("lock-" + name + ".txt");
    }

    private String header() {
        return "snowline-lock 1 namespace=" + files.namespace() + " name=" + name;
    }

    /**
     * Who holds the lock.
     *
     * @param expiryMillis for how long the lock was taken
     * @param untilMillis when it expires, on the wall clock
     */
    private record Holder(String token, long expiryMillis, long untilMillis) {

        /** Tells whether the lock is still held. A clock that was set far back does not keep it held forever. */
        boolean isLive(long nowMillis) {
            long left = untilMillis - nowMillis;
            return left > 0 && left <= 2 * expiryMillis;
        }

        List<String> lines() {
            return List.of(token, Long.toString(expiryMillis), Long.toString(untilMillis));
        }

        static Holder parse(List<String> lines) {
            if (lines.size() != 3) {
                throw new IllegalArgumentException("it has %s lines instead of 3".formatted(lines.size()));
            }
            return new Holder(lines.get(0), Long.parseLong(lines.get(1)), Long.parseLong(lines.get(2)));
        }
    }
}
