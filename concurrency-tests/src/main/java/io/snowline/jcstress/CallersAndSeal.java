package io.snowline.jcstress;

import io.snowline.id.StressedGenerator;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two callers, and a thread that seals the lane. */
@JCStressTest
@State
public class CallersAndSeal extends Case {

    private final StressedGenerator generator =
            StressedGenerator.withWindow(10_000).drawUntilBelowCeiling(4);
    private final Calls first = new Calls(6);
    private final Calls second = new Calls(6);
    private long newest;

    @Actor
    public void first() {
        first.draw(generator::nextId);
    }

    @Actor
    public void second() {
        second.draw(generator::nextId);
    }

    @Actor
    public void seal() {
        generator.waitForClaims();
        newest = generator.seal();
    }

    @Arbiter
    public void judge(L_Result r) {
        r.r1 = judgeSealed(newest, 1, first, second);
    }
}
