package io.snowline.lease;

/**
 * The positions [start, end) of one node id that only this process may stamp. The end only grows, by renewals that
 * continue the run without a gap; a thread that stamps compares the position itself with {@link #end()} (rule P3).
 *
 * <p>Thread-safe: one lease keeper extends it, any thread reads it.
 */
public final class Window {

    private final int node;
    private final long start;
    private volatile long end;

    /** Creates a window of a node id over the positions from {@code start}, inclusive, to {@code end}, exclusive. */
    public Window(int node, long start, long end) {
        this.node = node;
        this.start = start;
        this.end = end;
    }

    /** Returns the node id. */
    public int node() {
        return node;
    }

    /** Returns the first position of the window. */
    public long start() {
        return start;
    }

    /** Returns the first position that may not be stamped. */
    public long end() {
        return end;
    }

    /** Moves the end up; does nothing if it is already there. Called only by the lease keeper's thread. */
    void extendTo(long newEnd) {
        if (newEnd > end) {
            end = newEnd;
        }
    }

    @Override
    public String toString() {
        return "node id " + node + " [" + start + ", " + end + ")";
    }
}
