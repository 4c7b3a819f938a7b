package io.snowline.id;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;

/** A generator whose callers take from blocks of their own: a class by itself, so that neither way of a call tests for the other. */
final class BlockwiseGenerator extends SnowflakeGenerator {

    private final Blocks blocks;
    private final MethodHandle theLongWay =
            OutOfLine.method(this, BlockwiseGenerator.class, "nextIdTheLongWay", MethodType.methodType(long.class));

    BlockwiseGenerator(Builder settings, Blocks blocks) {
        super(settings, blocks);
        this.blocks = blocks;
    }

    @Override
    public long nextId() {
        Block block = blocks.get();
        return block.usable() ? block.next++ : nextIdBeyondBlock();
    }

    private long nextIdBeyondBlock() {
        try {
            return (long) theLongWay.invokeExact();
        } catch (Throwable e) {
            throw OutOfLine.thrown(e);
        }
    }

    /** What {@link #nextId} does when the caller's block has nothing left. Out of line. */
    final long nextIdTheLongWay() {
        return blocks.suitCaller() ? nextIdOfNewBlock() : nextIdOfOwnLane();
    }
}
