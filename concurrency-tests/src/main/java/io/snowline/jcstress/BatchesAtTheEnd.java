package io.snowline.jcstress;

import io.snowline.id.StressedGenerator;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two callers that ask for batches use up a window, whose end lies within a batch. */
@JCStressTest
@State
public class BatchesAtTheEnd extends Case {

    private final StressedGenerator generator =
            StressedGenerator.withWindow(256).drawUntilBelowEnd(7);
    private final Calls first = new Calls(6);
    private final Calls second = new Calls(6);

    @Actor
    public void first() {
        first.drawBatches(generator, 3);
    }

    @Actor
    public void second() {
        second.drawBatches(generator, 3);
    }

    @Arbiter
    public void judge(L_Result r) {
        r.r1 = below(256, first) && below(256, second) ? judge(first, second) : "an ID beyond the end";
    }
}
