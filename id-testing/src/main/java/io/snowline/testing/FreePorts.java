package io.snowline.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * FreePorts for servers under test. One that was given out is not given out again while this JVM runs, by another JVM of
 * this machine neither: a file is locked for it. Thread-safe.
 */
public final class FreePorts {

    private static final int TRIES = 100;
    private static final int FIRST_THIRD = 5_000;
    private static final int END_THIRD = 10_000;

    private static final Path LOCKS = Path.of(System.getProperty("java.io.tmpdir"), "snowline-test-ports");

    /** Never closed: a lock ends with its channel. */
    private static final Set<FileChannel> HELD = ConcurrentHashMap.newKeySet();

    private FreePorts() {}

    /**
     * Returns a port that is free together with others at a distance from it, below the ephemeral ports of the system.
     * Two of these ports never lie next to each other.
     *
     * @throws IllegalStateException if none is found
     */
    public static int claim(int... distances) {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_THIRD, END_THIRD) * 3;
            if (isFree(port) && IntStream.of(distances).allMatch(distance -> isFree(port + distance)) && lock(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free ports were found between 15000 and 30000");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean lock(int port) {
        try {
            Files.createDirectories(LOCKS);
            FileChannel file = FileChannel.open(
                    LOCKS.resolve(Integer.toString(port)), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(file)) {
                file.close();
                return false;
            }
            return HELD.add(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tries to lock a file; tells whether another has locked it. */
    private static boolean isLocked(FileChannel file) throws IOException {
        try {
            return file.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            return true; // this JVM has
        }
    }
}
