package io.snowline.jcstress;

import io.snowline.id.StressedGenerator;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two callers use up a window. */
@JCStressTest
@State
public class CallersAtTheEnd extends Case {

    private final StressedGenerator generator =
            StressedGenerator.withWindow(256).drawUntilBelowEnd(6);
    private final Calls first = new Calls(5);
    private final Calls second = new Calls(5);

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
        r.r1 = below(256, first) && below(256, second) ? judge(first, second) : "an ID beyond the end";
    }
}
