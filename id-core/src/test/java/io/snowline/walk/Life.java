package io.snowline.walk;

import java.util.ArrayList;
import java.util.List;

/** One life of a process, from its start to its crash: everything that it forgets at a restart. */
final class Life {

    private record Granted(int node, long start, long end) {}

    private final String name;
    private final boolean leased;
    private final List<Granted> granted = new ArrayList<>();
    private boolean alive = true;
    long newest = -1;

    Life(String name, boolean leased) {
        this.name = name;
        this.leased = leased;
    }

    boolean leased() {
        return leased;
    }

    boolean alive() {
        return alive;
    }

    void end() {
        alive = false;
    }

    void mayStamp(int node, long start, long end) {
        granted.add(new Granted(node, start, end));
    }

    void giveBack(int node, long from) {
        granted.replaceAll(
                range -> range.node == node ? new Granted(node, range.start, Math.min(range.end, from)) : range);
    }

    boolean mayHaveStamped(int node, long position) {
        for (Granted range : granted) {
            if (range.node == node && range.start <= position && position < range.end) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return name;
    }
}
