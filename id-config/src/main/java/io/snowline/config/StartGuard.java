package io.snowline.config;

import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.LeaseListener;
import io.snowline.coordination.NamespaceMismatchException;
import io.snowline.coordination.UnreadableRecordException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a namespace can never be served: before its first lease, a mismatch or an unreadable record is a
 * configuration error. Later it is not: then the other namespaces go on, and the log and health say what is wrong.
 *
 * <p>Thread-safe.
 */
final class StartGuard implements LeaseListener {

    private final Consumer<? super RuntimeException> fatal;
    private final CountDownLatch answered = new CountDownLatch(1);

    /** Null until it is known whether the namespace can be served; then the reason why it cannot, if so. */
    private final AtomicReference<@Nullable Optional<RuntimeException>> verdict = new AtomicReference<>();

    /** @param fatal told the reason why the namespace can never be served, at most once, by the thread that renews */
    StartGuard(Consumer<? super RuntimeException> fatal) {
        this.fatal = fatal;
    }

    @Override
    public void onEvent(LeaseEvent event) {
        switch (event.kind()) {
            case ACQUIRED, RENEWED -> verdict.compareAndSet(null, Optional.empty());
            case REFUSED ->
                event.cause()
                        .filter(StartGuard::hopeless)
                        .map(RuntimeException.class::cast)
                        .ifPresent(this::giveUp);
            case AT_RISK, FAILED, WAITING, RECOVERED -> {}
            case CREATED, AHEAD_RAISED, FLOOR_RAISED, LOST, RELEASED -> {
                return; // none of these is a first answer
            }
        }
        answered.countDown();
    }

    private void giveUp(RuntimeException cause) {
        if (verdict.compareAndSet(null, Optional.of(cause))) {
            fatal.accept(cause);
        }
    }

    private static boolean hopeless(Throwable cause) {
        return cause instanceof NamespaceMismatchException || cause instanceof UnreadableRecordException;
    }

    /**
     * Waits until the backend has answered once, or was not reached.
     *
     * @param atMost how long it waits at most
     * @throws NamespaceMismatchException if the namespace was fixed with other settings
     * @throws UnreadableRecordException if a record of it cannot be read
     */
    void await(Duration atMost) {
        try {
            if (answered.await(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                Optional<RuntimeException> known = verdict.get();
                if (known != null && known.isPresent()) {
                    throw known.get();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stop waiting; the generators go on
        }
    }
}
