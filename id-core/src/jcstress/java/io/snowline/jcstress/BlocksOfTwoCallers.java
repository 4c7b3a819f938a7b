package io.snowline.jcstress;

import io.snowline.id.StressedGenerator;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two callers, each with blocks of its own. */
@JCStressTest
@State
public class BlocksOfTwoCallers extends Case {

    private final StressedGenerator generator = StressedGenerator.withBlocks(10_000);
    private final Calls first = new Calls(60);
    private final Calls second = new Calls(60);

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
