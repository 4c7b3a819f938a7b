package io.snowline.id;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** One thread's block: {@code next} and {@link #end} bound what its thread may use, and anybody may {@link #close} it. */
final class Block extends BlockFields {

    private static final long CLOSED = Long.MIN_VALUE;
    private static final VarHandle END;

    static {
        try {
            END = MethodHandles.lookup().findVarHandle(BlockFields.class, "end", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Allowance allowance;

    /** Whether it is in the list of those that {@link Blocks#withdraw} closes, and which one follows it there. */
    volatile boolean listed;

    @Nullable
    Block following;

    long b1, b2, b3, b4, b5, b6, b7, b8;

    Block(Allowance allowance) {
        this.allowance = allowance;
        this.end = CLOSED;
    }

    /** Tells whether it holds an ID. Asked anew at each call, whatever a compiler makes of a loop. */
    boolean usable() {
        return next < (long) END.getOpaque(this);
    }

    /** Makes the numbers from {@code first} to before {@code end} the thread's. In one order with every other volatile access. */
    void put(long first, long end) {
        next = first;
        END.setVolatile(this, end);
    }

    /** Takes back what is left. In one order with every other volatile access. */
    void close() {
        END.setVolatile(this, CLOSED);
    }
}

/** Keeps blocks of several threads apart in memory. */
class PadBeforeBlock {
    long a1, a2, a3, a4, a5, a6, a7, a8;
}

class BlockFields extends PadBeforeBlock {
    long next;
    long end;
}
