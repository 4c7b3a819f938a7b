package io.snowline.id;

import io.snowline.id.CommitRequest.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The requests that one commit serves. The list is for the thread that commits; waking is thread-safe. */
final class CommitBatch {

    static final CommitBatch NONE = new CommitBatch();

    final List<CommitRequest> requests = new ArrayList<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    /** Takes a request in, with so many of its IDs. */
    void add(CommitRequest request, int share) {
        requests.add(request);
        request.join(this, share);
    }

    /** Returns how many IDs the commit is for. */
    int share() {
        return requests.stream().mapToInt(CommitRequest::share).sum();
    }

    /** Wakes the callers once it is over; where the next commit waits, only one of them, who then wakes the others. */
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
