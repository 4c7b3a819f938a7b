package io.snowline.jcstress;

import io.snowline.id.StressedGenerator;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A caller uses up a window and goes on to the next one while another thread seals whichever lane is current. */
@JCStressTest
@State
public class SwapAndSeal extends Case {

    private final StressedGenerator generator =
            StressedGenerator.withWindow(256).drawUntilBelowEnd(3).follow(256, 10_000);
    private final Calls caller = new Calls(8);
    private long newest;

    @Actor
    public void caller() {
        caller.draw(generator::nextId);
    }

    @Actor
    public void seal() {
        generator.waitForClaims();
        newest = generator.seal();
    }

    @Arbiter
    public void judge(L_Result r) {
        r.r1 = judgeSealed(newest, 2, caller);
    }
}
