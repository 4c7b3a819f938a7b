package io.snowline.jcstress;

import io.snowline.id.StressedGenerator;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** One caller asks for single IDs, the other for batches. */
@JCStressTest
@State
public class CallerAndBatches extends Case {

    private final StressedGenerator generator =
            StressedGenerator.withWindow(10_000).drawUntilBelowCeiling(4);
    private final Calls caller = new Calls(8);
    private final Calls batches = new Calls(9);

    @Actor
    public void caller() {
        caller.draw(generator::nextId);
    }

    @Actor
    public void batches() {
        batches.drawBatches(generator, 3);
    }

    @Arbiter
    public void judge(L_Result r) {
        r.r1 = judge(caller, batches);
    }
}
