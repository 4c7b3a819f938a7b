package io.snowline.simulated;

import java.util.function.Consumer;

/** The two callbacks of a call, of which exactly one is called, once: whatever comes later comes too late. */
public final class Callbacks<T> {

    private final Consumer<T> answered;
    private final Consumer<RuntimeException> failed;
    private boolean over;

    public Callbacks(Consumer<T> answered, Consumer<RuntimeException> failed) {
        this.answered = answered;
        this.failed = failed;
    }

    /** Tells whether the caller has its answer, or its failure. */
    public boolean over() {
        return over;
    }

    public void answer(T value) {
        if (!over) {
            over = true;
            answered.accept(value);
        }
    }

    public void fail(RuntimeException why) {
        if (!over) {
            over = true;
            failed.accept(why);
        }
    }
}
