package io.snowline.id;

import io.snowline.coordination.NamespaceExistsException;
import io.snowline.lease.EventLoop;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Gives simulated processes access to what a generator hides from users: its loops, its threads, its locks, its random
 * numbers, and a close that does not wait.
 */
public final class SimulatedGenerators {

    private SimulatedGenerators() {}

    public static SnowflakeGenerator start(SnowflakeGenerator.Builder builder, RandomGenerator random, EventLoop loop) {
        return start(builder, random, name -> loop, ReentrantLock::new);
    }

    public static SnowflakeGenerator start(
            SnowflakeGenerator.Builder builder,
            RandomGenerator random,
            Function<String, EventLoop> loops,
            Supplier<ReentrantLock> locks) {
        return builder.random(random).loops(loops).locks(locks).start();
    }

    public static RecordedIdGenerator start(
            RecordedIdGenerator.Builder builder, RandomGenerator random, Function<String, EventLoop> loops) {
        return builder.threads(Runnable::run).random(random).loops(loops).start();
    }

    /** Creates a namespace as an operator does. Returns whether there was none. */
    public static boolean created(GeneratorBuilder<?> builder, RandomGenerator random) {
        try {
            builder.random(random).create();
            return true;
        } catch (NamespaceExistsException e) {
            return false;
        }
    }

    public static void beginClose(RecordedIdGenerator generator) {
        boolean begun = generator.beginClose(false, () -> {});
        if (!begun) {
            throw new IllegalStateException("closed twice");
        }
    }

    public static void beginClose(SnowflakeGenerator generator, Runnable laneDone) {
        boolean begun = generator.beginClose(laneDone);
        if (!begun) {
            throw new IllegalStateException("closed twice");
        }
    }
}
