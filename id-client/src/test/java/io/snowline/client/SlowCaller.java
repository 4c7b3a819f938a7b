package io.snowline.client;

import java.util.concurrent.locks.LockSupport;

/**
 * A process that takes an ID every two milliseconds, and prints the monotonic clock as it was before the call, and the ID.
 */
final class SlowCaller {

    private SlowCaller() {}

    public static void main(String... arguments) {
        try (SnowlineClient ids =
                SnowlineClient.builder("orders").servers(arguments[0]).start()) {
            while (!System.out.checkError()) {
                long nanos = System.nanoTime();
                System.out.println(nanos + " " + ids.nextId());
                LockSupport.parkNanos(2_000_000);
            }
        }
    }
}
