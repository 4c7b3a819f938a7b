package io.snowline.jcstress;

import io.snowline.id.LeasedGenerator;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A caller, and the closing of its generator: the node id is given back, and no ID is stamped above the mark that is
 * given back.
 */
@JCStressTest
@State
public class CallerAndRelease extends Case {

    private final LeasedGenerator generator = new LeasedGenerator();
    private final Calls caller = new Calls(40);

    @Actor
    public void caller() {
        caller.draw(generator::nextId);
    }

    @Actor
    public void release() {
        generator.waitAWhile();
        generator.release();
    }

    @Arbiter
    public void judge(L_Result r) {
        if (caller.count() > 0 && !generator.belowWhatWasGivenBack(caller.id(caller.count() - 1))) {
            r.r1 = "an ID above what was given back";
        } else {
            r.r1 = caller.cutShort() ? MET : APART;
        }
    }
}
