package io.snowline.jcstress;

import io.snowline.id.StressedGenerator;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * One caller draws while another thread goes on to the next window, as a caller does that has found the lane used up.
 */
@JCStressTest
@State
public class CallerAndSwap extends Case {

    private final StressedGenerator generator =
            StressedGenerator.withWindow(256).drawUntilBelowCeiling(4).follow(256, 10_000);
    private final Calls caller = new Calls(8);

    @Actor
    public void caller() {
        caller.draw(generator::nextId);
    }

    @Actor
    public void swap() {
        generator.waitForClaims();
        boolean unused = generator.advance();
    }

    @Arbiter
    public void judge(L_Result r) {
        r.r1 = judge(2, caller);
    }
}
