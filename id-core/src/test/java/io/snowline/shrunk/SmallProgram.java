package io.snowline.shrunk;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.local.LocalCoordinatorFactory;
import io.snowline.id.SnowflakeGenerator;
import java.time.Duration;

/** Prints one ID, and the last one of a batch. */
public final class SmallProgram {

    private SmallProgram() {}

    /**
     * Runs the program.
     *
     * @param args the directory of the local coordinator
     */
    public static void main(String[] args) {
        LocalCoordinatorFactory factory = new LocalCoordinatorFactory();
        factory.setDirectory(args[0]);
        long[] batch = new long[100];
        try (NodeCoordinator coordinator = factory.open();
                SnowflakeGenerator ids =
                        SnowflakeGenerator.builder(coordinator, "orders").start()) {
            System.out.println(ids.awaitReady(Duration.ofSeconds(30)));
            System.out.println(ids.nextId());
            ids.nextIds(batch);
            System.out.println(batch[batch.length - 1]);
        }
    }
}
