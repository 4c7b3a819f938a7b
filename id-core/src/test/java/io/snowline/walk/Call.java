package io.snowline.walk;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.simulated.Callbacks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A request on its way to the store, and the replies to it on their way back. The caller gets one of the replies, or
 * learns that none came; the request may arrive nevertheless, before, after, or twice, even if the caller no longer
 * exists.
 */
final class Call<T> {

    private final String name;
    private final Life from;
    private final boolean writes;
    private final Supplier<T> request;
    private final Callbacks<T> callbacks;
    private final List<T> replies = new ArrayList<>();
    private int arrivals;

    Call(
            String name,
            Life from,
            boolean writes,
            Supplier<T> request,
            Consumer<T> answered,
            Consumer<RuntimeException> failed) {
        this.name = name;
        this.from = from;
        this.writes = writes;
        this.request = request;
        this.callbacks = new Callbacks<>(answered, failed);
    }

    boolean waitedFor() {
        return !callbacks.over() && from.alive();
    }

    /** Returns what may happen to this call now. */
    List<Event> enabled(Bits bits, Budget budget) {
        List<Event> events = new ArrayList<>(4);
        int atTheStore = bits.network() | (writes ? Step.READ | Step.WRITE : Step.READ);
        if (arrivals == 0) {
            events.add(Event.of(name + " arrives", atTheStore, this::arrive));
        }
        if (waitedFor()) {
            for (int i = 0; i < replies.size(); i++) {
                T reply = replies.get(i);
                String which = i == 0 ? " is answered" : " is answered by the second reply";
                events.add(Event.of(name + which, bits.all(), () -> callbacks.answer(reply)));
            }
            if (budget.unanswered > 0) {
                events.add(Event.of(name + " gets no answer", bits.all() | Bits.UNANSWERED, () -> timeOut(budget)));
            }
        }
        if (arrivals == 1 && writes && budget.repeated > 0) {
            events.add(Event.of(name + " arrives again", atTheStore | Bits.REPEATED, () -> arriveAgain(budget)));
        }
        return events;
    }

    /** Arrives, and returns its reply if a caller waits for it. */
    void settle() {
        if (waitedFor()) {
            arrive();
            callbacks.answer(replies.get(0));
        }
    }

    private void arrive() {
        arrivals++;
        T reply = request.get();
        if (!replies.contains(reply)) {
            replies.add(reply);
        }
    }

    private void arriveAgain(Budget budget) {
        budget.repeated--;
        arrive();
    }

    private void timeOut(Budget budget) {
        budget.unanswered--;
        callbacks.fail(new CoordinatorUnavailableException("no answer came"));
    }

    @Override
    public String toString() {
        return name;
    }
}
