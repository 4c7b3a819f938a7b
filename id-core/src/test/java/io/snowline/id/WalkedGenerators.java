package io.snowline.id;

import io.snowline.lease.EventLoop;
import java.util.random.RandomGenerator;

/**
 * Gives the walk access to what generators hide from users: their loops, their random numbers, a close that does not
 * wait.
 */
public final class WalkedGenerators {

    private WalkedGenerators() {}

    public static SnowflakeGenerator start(SnowflakeGenerator.Builder builder, RandomGenerator random, EventLoop loop) {
        return builder.random(random).loops(name -> loop).start();
    }

    public static RecordedIdGenerator start(
            RecordedIdGenerator.Builder builder, RandomGenerator random, EventLoop loop) {
        return builder.threads(Runnable::run).random(random).loops(name -> loop).start();
    }

    public static void beginClose(SnowflakeGenerator generator, Runnable done) {
        boolean begun = generator.beginClose(done);
        if (!begun) {
            throw new IllegalStateException("closed twice");
        }
    }
}
