package io.snowline.id;

import io.snowline.id.CommitRequest.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The requests that one commit serves. Only the committing thread uses the list; waking is thread-safe. */
final class CommitBatch {

    static final CommitBatch NONE = new CommitBatch();

    final List<CommitRequest> requests = new ArrayList<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    /** Adds a request, with the number of its IDs that this commit gives it. */
    void add(CommitRequest request, int share) {
        requests.add(request);
        request.join(this, share);
    }

    /** Returns how many IDs the commit takes in total. */
    int share() {
        return requests.stream().mapToInt(CommitRequest::share).sum();
    }

    /**
     * Wakes the callers once the commit is over; if another commit is waiting, wakes only one of them, which then wakes
     * the others.
     */
    void wake(boolean oneOnly) {
        if (!oneOnly) {
            wakeAll();
            return;
        }
        for (CommitRequest request : requests) {
            if (request instanceof Caller caller) {
                caller.wake();
                return;
            }
        }
    }

    void wakeAll() {
        if (woken.compareAndSet(false, true)) {
            for (CommitRequest request : requests) {
                if (request instanceof Caller caller) {
                    caller.wake();
                }
            }
        }
    }
}
