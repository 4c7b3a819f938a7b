package io.snowline.id;

import io.snowline.coordination.ReservationSettings;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A process with little memory, which is used up for some seconds. Prints how many windows were renewed before, while
 * and after there was none; then the status.
 */
final class WithoutMemory {

    private static final ReservationSettings SETTINGS = new ReservationSettings(
            Duration.ofSeconds(2),
            Duration.ofMillis(200),
            Duration.ZERO,
            Duration.ofMillis(10),
            Duration.ofSeconds(10));

    private static final Object[] NOTHING = {};

    private static Object[] hoard = NOTHING;

    private WithoutMemory() {}

    public static void main(String[] args) throws InterruptedException {
        TimeSource time = TimeSource.system();
        TrappedStore store = new TrappedStore(new MemoryStore(time::wallMillis), new Trap(time), time);
        SnowflakeGenerator ids = SnowflakeGenerator.builder(store, "orders")
                .reservation(SETTINGS)
                .start();
        long hoardNanos = TimeUnit.SECONDS.toNanos(Long.parseLong(args[0]));
        System.out.println("ready: " + ids.awaitReady(Duration.ofSeconds(10)));
        TimeUnit.SECONDS.sleep(2);
        int before = store.applied();
        int refusals = takeEverything(hoardNanos);
        int without = store.applied();
        hoard = NOTHING; // a new array might not be available
        TimeUnit.SECONDS.sleep(5);
        System.out.println("before: " + before);
        System.out.println("without memory: " + (without - before));
        System.out.println("out of memory: " + (refusals > 0));
        System.out.println("afterwards: " + (store.applied() - without));
        System.out.println(ids.status());
        System.out.println("an ID: " + ids.nextId());
        ids.close();
    }

    /** Takes all the memory there is, again and again, in pieces that become smaller. */
    private static int takeEverything(long nanos) {
        long end = System.nanoTime() + nanos;
        int refusals = 0;
        int size = 1 << 16;
        while (System.nanoTime() - end < 0) {
            try {
                Object[] more = new Object[size];
                more[0] = hoard;
                hoard = more;
            } catch (OutOfMemoryError e) {
                refusals++;
                size = Math.max(1, size / 2);
            }
        }
        return refusals;
    }
}
