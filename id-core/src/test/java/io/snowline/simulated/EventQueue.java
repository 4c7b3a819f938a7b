package io.snowline.simulated;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes from event to event; events of the same time happen in the order in which they were added. */
public final class EventQueue {

    private record Event(long atNanos, long order, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order));
    private long nowNanos;
    private long orders;

    /** Returns the time since the beginning. */
    public long nowNanos() {
        return nowNanos;
    }

    public void afterNanos(long nanos, Runnable action) {
        events.add(new Event(nowNanos + Math.max(0, nanos), orders++, action));
    }

    /** Lets everything happen that is due up to a time, and then it is that time. */
    public void runUntil(long endNanos) {
        while (!events.isEmpty() && events.peek().atNanos() <= endNanos) {
            Event event = events.poll();
            nowNanos = event.atNanos();
            event.action().run();
        }
        nowNanos = endNanos;
    }
}
