package io.snowline.jcstress;

import io.snowline.id.StressedGenerator;
import io.snowline.lease.Window;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A caller waits with a ticket for a window to be extended, and it is extended about when the lane is sealed. */
@JCStressTest
@State
public class TicketAndSeal extends Case {

    private final StressedGenerator generator = StressedGenerator.withWaits(256).drawUntilBelowEnd(1);
    private final Window window = generator.window();
    private final Calls caller = new Calls(4);
    private long newest;

    @Actor
    public void caller() {
        StressedGenerator.whileWaiting(() -> caller.draw(generator::nextId), () -> generator.extend(window, 512));
    }

    @Actor
    public void seal() {
        newest = generator.seal();
    }

    @Arbiter
    public void judge(L_Result r) {
        r.r1 = judgeSealed(newest, 1, caller);
    }
}
