package io.snowline.jcstress;

import io.snowline.id.StressedGenerator;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A caller after a withdrawal while the clock jumps: no call that begins afterwards gets an ID of a tick from before. */
@JCStressTest
@State
public class JumpAndClosedCeiling extends Case {

    private final StressedGenerator generator =
            StressedGenerator.withWindow(10_000).drawUntilBelowCeiling(8).withdrawn();
    private final Jump jump = new Jump();
    private final Calls caller = new Calls(40);

    @Actor
    public void caller() {
        caller.drawAround(generator, jump);
    }

    @Actor
    public void jumper() {
        generator.waitForClaims();
        jump.jump(generator);
    }

    @Arbiter
    public void judge(L_Result r) {
        r.r1 = judge(caller);
    }
}
