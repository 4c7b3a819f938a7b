package io.snowline.jcstress;

import io.snowline.id.StressedGenerator;
import io.snowline.lease.Window;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A caller goes on to the next window while the old one is extended and the other caller still uses the old lane. */
@JCStressTest
@State
public class SwapAndExtension extends Case {

    private final StressedGenerator generator =
            StressedGenerator.withWindow(256).drawUntilBelowEnd(2).follow(256, 10_000);
    private final Window old = generator.window();
    private final Calls first = new Calls(6);
    private final Calls second = new Calls(400);

    @Actor
    public void first() {
        first.drawBatches(generator, 3);
    }

    @Actor
    public void second() {
        generator.extend(old, 512);
        second.drawBatches(generator, 100);
    }

    @Arbiter
    public void judge(L_Result r) {
        r.r1 = judge(2, first, second);
    }
}
