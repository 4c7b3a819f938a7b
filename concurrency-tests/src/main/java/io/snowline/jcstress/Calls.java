package io.snowline.jcstress;

import io.snowline.id.IdUnavailableException;
import io.snowline.id.StressedGenerator;
import java.util.function.LongSupplier;

/**
 * What one caller got, in the order in which it got it; filled by one thread, and read by others after that thread has
 * ended.
 */
final class Calls {

    private final long[] ids;
    private int count;
    private boolean refused;
    private boolean stale;

    Calls(int most) {
        ids = new long[most];
    }

    /** Draws one by one until all are there, or one is refused. */
    void draw(LongSupplier nextId) {
        try {
            while (count < ids.length) {
                ids[count] = nextId.getAsLong();
                count++;
            }
        } catch (IdUnavailableException e) {
            refused = true;
        }
    }

    /** Fills batches until all are there, or one is not full. */
    void drawBatches(StressedGenerator generator, int size) {
        while (count < ids.length && !refused) {
            int end = Math.min(count + size, ids.length);
            int filled = generator.tryNextIds(ids, count, end);
            count += filled;
            refused = count < end;
        }
    }

    /** Draws one by one; an ID whose tick lies before the jump is stale if its call began after the jump. */
    void drawAround(StressedGenerator generator, Jump jump) {
        while (count < ids.length) {
            boolean jumped = jump.done();
            long id = generator.nextId();
            stale |= jumped && StressedGenerator.tick(id) < Jump.TICKS;
            ids[count] = id;
            count++;
        }
    }

    int count() {
        return count;
    }

    long id(int index) {
        return ids[index];
    }

    /** Tells whether this caller got only a part of what it asked for. */
    boolean cutShort() {
        return count > 0 && refused;
    }

    /** Tells whether the window changed in the middle, or the time jumped. */
    boolean changed() {
        return count > 0
                && (StressedGenerator.LAYOUT.node(ids[0]) != StressedGenerator.LAYOUT.node(ids[count - 1])
                        || StressedGenerator.tick(ids[count - 1]) - StressedGenerator.tick(ids[0]) >= Jump.TICKS / 2);
    }

    boolean stale() {
        return stale;
    }

    boolean inOrder() {
        for (int i = 1; i < count; i++) {
            if (ids[i - 1] >= ids[i]) {
                return false;
            }
        }
        return true;
    }

    /** Tells whether something that another caller got lies between two that this one got. */
    boolean around(Calls other) {
        for (int i = 0; i < other.count && count > 0; i++) {
            if (other.ids[i] > ids[0] && other.ids[i] < ids[count - 1]) {
                return true;
            }
        }
        return false;
    }

    boolean shares(Calls other) {
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < other.count; k++) {
                if (ids[i] == other.ids[k]) {
                    return true;
                }
            }
        }
        return false;
    }
}
