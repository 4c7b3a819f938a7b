package io.snowline.jcstress;

import io.snowline.id.StressedGenerator;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two callers use up a window, and both want to go on to the next one. */
@JCStressTest
@State
public class CallersAtTheSwap extends Case {

    private final StressedGenerator generator =
            StressedGenerator.withWindow(256).drawUntilBelowEnd(4).follow(256, 10_000);
    private final Calls first = new Calls(8);
    private final Calls second = new Calls(8);

    @Actor
    public void first() {
        first.draw(generator::nextId);
    }

    @Actor
    public void second() {
        second.draw(generator::nextId);
    }

    @Arbiter
    public void judge(L_Result r) {
        r.r1 = judge(2, first, second);
    }
}
