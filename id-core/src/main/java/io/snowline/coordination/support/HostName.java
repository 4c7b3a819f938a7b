package io.snowline.coordination.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The name of this machine, for people. Where the kernel tells it, no name server is asked; elsewhere one is, for a
 * second at most. Thread-safe.
 */
public final class HostName {

    private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");
    private static final String UNKNOWN = "unknown-host";

    private HostName() {}

    /** Returns the name; {@code unknown-host} if it cannot be found out. */
    public static String ofThisMachine() {
        try {
            String name = Files.readString(KERNEL).strip();
            return name.isEmpty() ? lookedUp() : name;
        } catch (IOException e) {
            return lookedUp(); // not Linux
        }
    }

    private static String lookedUp() {
        CompletableFuture<String> name = new CompletableFuture<>();
        Thread thread = new Thread(() -> name.complete(asked()), "snowline-host-name");
        thread.setDaemon(true);
        thread.start();
        try {
            return name.get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        } catch (ExecutionException | TimeoutException e) {
            return UNKNOWN;
        }
    }

    private static String asked() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return UNKNOWN;
        }
    }
}
