package io.snowline.jcstress;

import io.snowline.id.StressedGenerator;

/** A forward jump of the clock. */
final class Jump {

    static final long TICKS = 100;

    private volatile boolean done;

    void jump(StressedGenerator generator) {
        generator.jump(TICKS);
        done = true;
    }

    boolean done() {
        return done;
    }
}
