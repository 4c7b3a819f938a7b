package io.snowline.jcstress;

import io.snowline.id.StressedGenerator;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two callers, from one tick into the next. */
@JCStressTest
@State
public class TwoCallers extends Case {

    private final StressedGenerator generator =
            StressedGenerator.withWindow(10_000).drawUntilBelowTickEnd(4);
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
        r.r1 = judge(first, second);
    }
}
