package io.snowline.id;

import io.snowline.coordination.EventLoop;
import java.util.random.RandomGenerator;

/** Opens to the simulation what a generator does not show to users: its loops, its random numbers, and a close that does not wait. */
public final class SimulatedGenerators {

    private SimulatedGenerators() {}

    public static SnowflakeGenerator start(SnowflakeGenerator.Builder builder, RandomGenerator random, EventLoop loop) {
        return builder.random(random).loops(name -> loop).start();
    }

    public static void beginClose(SnowflakeGenerator generator, Runnable done) {
        boolean begun = generator.beginClose(done);
        if (!begun) {
            throw new IllegalStateException("closed twice");
        }
    }
}
