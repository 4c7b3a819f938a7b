package io.snowline.id;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * IDs claimed ahead, a block for each thread. Safe for use by many threads; nothing but a thread refers to its block, so
 * that one goes with the other. A virtual thread has none: there may be too many of them.
 */
final class Blocks {

    /*
     * A block is claimed from a lane in one step, all of it in one tick, so its IDs are consecutive numbers that are the
     * thread's for good. What may not last is the permission to use them: it holds for one spell, a number that is read
     * before the look at clock and window that the block is claimed with, and compared at each call. The CeilingWatch begins
     * a new spell every tick while blocks are claimed; so does whoever seals a lane, after sealing it, and whoever
     * corrects the clock.
     *
     * Sealing reports all of a block as stamped, whether it was used or not.
     */

    private static final MethodHandle IS_VIRTUAL = isVirtual();
    private static final VarHandle SPELL;

    static {
        try {
            SPELL = MethodHandles.lookup().findVarHandle(Blocks.class, "spell", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // Not static: two generators have nothing in common. A generator that is gone leaves an entry to be expunged.
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable Block> ofThread = new ThreadLocal<>();

    private final int size;
    private final long tickMillis;
    private volatile long spell;
    private volatile boolean claimed;

    /**
     * Makes blocks.
     *
     * @param size the number of IDs of a block, at most
     */
    Blocks(int size, long tickMillis) {
        this.size = size;
        this.tickMillis = tickMillis;
    }

    private static MethodHandle isVirtual() {
        MethodType type = MethodType.methodType(boolean.class);
        try {
            return MethodHandles.lookup().findVirtual(Thread.class, "isVirtual", type);
        } catch (ReflectiveOperationException e) { // before JDK 21 no thread is
            return MethodHandles.dropArguments(MethodHandles.constant(boolean.class, false), 0, Thread.class);
        }
    }

    /** Tells whether the calling thread may have a block. */
    static boolean suitCaller() {
        try {
            return !(boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
        } catch (Throwable e) {
            throw new AssertionError("asking a thread for its kind cannot fail", e);
        }
    }

    /** Returns the calling thread's block, if it has one that holds an ID. */
    @Nullable
    Block usable() {
        Block block = ofThread.get();
        return block != null && block.spell == spell && block.next < block.end ? block : null;
    }

    /** Returns the spell, to be read before the clock is. */
    long spell() {
        return spell;
    }

    /**
     * Claims a block from a lane after a look at the clock, and gives it to the calling thread in place of the one it has;
     * parameters as in {@link Lane#take(long, long, long, long, long)}.
     *
     * @param since what {@link #spell} was before the look
     * @return the first position claimed, which is not in the block; or {@link Claims#NOTHING}
     */
    long fill(Lane lane, long since, long nanos, long present, long limit) {
        Block block = ofCaller();
        block.end = block.next;
        long ahead = lane.next() < present ? 0 : block.allowance.afterLook(nanos);
        long first = lane.claim(present, limit, 1 + ahead);
        if (first >= present && ahead > 0) {
            long end = Math.min(Math.min(first + 1 + ahead, limit), lane.tickEnd(first));
            block.allowance.granted(end - first - 1);
            put(block, since, lane.idAt(first) + 1, lane.idAt(end - 1) + 1);
        }
        return first;
    }

    private Block ofCaller() {
        Block block = ofThread.get();
        if (block == null) {
            block = new Block(new Allowance(size - 1, tickMillis));
            ofThread.set(block);
        }
        return block;
    }

    private void put(Block block, long since, long next, long end) {
        block.spell = since;
        block.next = next;
        block.end = end;
        if (!claimed) {
            claimed = true;
        }
    }

    /** Drops the calling thread's block: it has claimed something later. */
    void drop() {
        Block block = ofThread.get();
        if (block != null) {
            block.end = block.next;
        }
    }

    /** Tells whether a block was claimed since {@link #withdrawClaimed} was called last. */
    boolean claimed() {
        return claimed;
    }

    /** Drops every thread's block. */
    void withdraw() {
        var unused = (long) SPELL.getAndAdd(this, 1L);
    }

    /**
     * Drops every thread's block if one was claimed since this was called last.
     *
     * @return whether one was
     */
    boolean withdrawClaimed() {
        if (!claimed) {
            return false;
        }
        claimed = false;
        withdraw();
        return true;
    }
}
