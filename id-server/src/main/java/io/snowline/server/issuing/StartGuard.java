package io.snowline.server.issuing;

import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.LeaseListener;
import io.snowline.coordination.NamespaceMismatchException;
import io.snowline.coordination.UnreadableRecordException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Ends the server if a namespace can never be served: before its first lease, a mismatch or an unreadable record is a
 * configuration error. Later it is not: then the other namespaces go on, and the log and health say what is wrong.
 *
 * <p>Thread-safe.
 */
final class StartGuard implements LeaseListener {

    private final Consumer<Throwable> fatal;
    private final AtomicBoolean decided = new AtomicBoolean();

    StartGuard(Consumer<Throwable> fatal) {
        this.fatal = fatal;
    }

    @Override
    public void onEvent(LeaseEvent event) {
        switch (event.kind()) {
            case ACQUIRED, RENEWED -> decided.set(true);
            case REFUSED -> event.cause().filter(StartGuard::hopeless).ifPresent(this::giveUp);
            default -> {}
        }
    }

    private void giveUp(Throwable cause) {
        if (decided.compareAndSet(false, true)) {
            fatal.accept(cause);
        }
    }

    private static boolean hopeless(Throwable cause) {
        return cause instanceof NamespaceMismatchException || cause instanceof UnreadableRecordException;
    }
}
