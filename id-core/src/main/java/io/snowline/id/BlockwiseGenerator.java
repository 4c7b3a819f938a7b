package io.snowline.id;

/** A generator whose callers take from blocks of their own: a class by itself, so that neither way of a call tests for the other. */
final class BlockwiseGenerator extends SnowflakeGenerator {

    private final Blocks blocks;

    BlockwiseGenerator(Builder settings, Blocks blocks) {
        super(settings, blocks);
        this.blocks = blocks;
    }

    @Override
    public long nextId() {
        long id = blocks.next();
        return id >= 0 ? id : nextIdBeyondBlock();
    }

    private long nextIdBeyondBlock() {
        return Blocks.suitCaller() ? nextIdOfNewBlock() : nextIdOfOwnLane();
    }
}
