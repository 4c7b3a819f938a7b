package io.snowline.id;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * IDs claimed ahead, a block for each thread. Safe for use by many threads; nothing but a thread refers to its block for
 * longer than a tick, so that one goes with the other. A virtual thread has none: there may be too many of them.
 */
final class Blocks extends ThreadLocal<Block> {

    /*
     * A block is claimed from a lane in one step, all of it in one tick, so its IDs are consecutive numbers that are the
     * thread's for good. What may not last is the permission to use them: the CeilingWatch closes every block each tick;
     * so does whoever seals a lane, after sealing it, and whoever corrects the clock. A call finds its block closed as it
     * finds it used up, by one comparison.
     *
     * Whoever withdraws finds the blocks in a list, and takes them off it before they are closed. A thread fills its block
     * after a look at clock and window before which it was listed, and sees whether it still is once it is filled. If not,
     * somebody has withdrawn since, perhaps before there was anything to close, and the thread closes the block itself; if
     * so, whoever takes it off the list from then on closes what is in it.
     *
     * Sealing reports all of a block as stamped, whether it was used or not.
     */

    private static final MethodHandle IS_VIRTUAL = isVirtual();

    /** What virtual threads have. It never holds anything. */
    private static final Block NONE = new Block(new Allowance(0, 1));

    private final int size;
    private final long tickMillis;
    private final AtomicReference<@Nullable Block> listed = new AtomicReference<>();

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

    private static boolean virtual(Thread thread) {
        try {
            return (boolean) IS_VIRTUAL.invokeExact(thread);
        } catch (Throwable e) {
            throw new AssertionError("asking a thread for its kind cannot fail", e);
        }
    }

    @Override
    protected Block initialValue() {
        return virtual(Thread.currentThread()) ? NONE : new Block(new Allowance(size - 1, tickMillis));
    }

    /** Tells whether the calling thread may have a block. */
    boolean suitCaller() {
        return get() != NONE;
    }

    /**
     * Claims positions from a lane after a look at the clock, and gives the calling thread all but the first of them;
     * parameters as in {@link Lane#take(long, long, long, long, long)}. For a thread that may have a block, and has nothing left
     * in it.
     *
     * @return the first position claimed, which is not in the block; or {@link Claims#NOTHING}
     */
    long fill(Lane lane, long nanos, long present, long limit) {
        Block block = get();
        long ahead = lane.next() < present ? 0 : block.allowance.afterLook(nanos);
        if (ahead > 0 && !block.listed) {
            list(block);
            ahead = 0; // until the next look, which comes after
        }
        long first = lane.claim(present, limit, 1 + ahead);
        if (first >= present && ahead > 0) {
            long end = Math.min(Math.min(first + 1 + ahead, limit), lane.tickEnd(first));
            block.allowance.granted(end - first - 1);
            block.put(lane.idAt(first) + 1, lane.idAt(end - 1) + 1);
            if (!block.listed) {
                block.close();
            }
        }
        return first;
    }

    private void list(Block block) {
        block.listed = true;
        Block head;
        do {
            head = listed.get();
            block.following = head;
        } while (!listed.compareAndSet(head, block));
    }

    /** Tells whether the calling thread's block is to be withdrawn some time. */
    boolean listedOfCaller() {
        return get().listed;
    }

    /** Closes the calling thread's block: it has claimed something later. */
    void drop() {
        Block block = get();
        if (block.usable()) {
            block.close();
        }
    }

    /**
     * Closes every thread's block.
     *
     * @return whether there was one in the list
     */
    synchronized boolean withdraw() {
        Block first = listed.getAndSet(null);
        Block block = first;
        while (block != null) {
            Block following = block.following;
            block.following = null;
            block.listed = false; // from here on its thread may list it again
            block.close();
            block = following;
        }
        return first != null;
    }
}
