package io.snowline.simulated;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a fiber that has sent a request waits for. */
public final class Reply<T> {

    private final Runnable whenThere;
    private @Nullable T value;
    private @Nullable RuntimeException failure;

    /**
     * @param whenThere lets the fiber go on
     */
    public Reply(Runnable whenThere) {
        this.whenThere = whenThere;
    }

    public void answered(T answer) {
        value = answer;
        whenThere.run();
    }

    public void failed(RuntimeException why) {
        failure = why;
        whenThere.run();
    }

    /** Returns the answer, or throws the failure; called by the fiber when it goes on. */
    public T get() {
        if (failure != null) {
            throw failure;
        }
        return Objects.requireNonNull(value);
    }
}
