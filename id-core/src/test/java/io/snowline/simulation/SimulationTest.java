package io.snowline.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.simulated.Fibers;
import io.snowline.simulated.Progress;
import io.snowline.simulated.WithoutLog;
import io.snowline.simulation.Simulation.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithoutLog.class)
class SimulationTest {

    private static final int ENOUGH_FAILURES = 3;

    private final AtomicLong next = new AtomicLong(Seeds.FIRST);
    private final Progress progress = new Progress("simulation");
    private final AtomicLong ids = new AtomicLong();
    private final List<Outcome> failures = Collections.synchronizedList(new ArrayList<>());

    @Test
    void noPromiseIsBrokenAndEverybodyIssuesAgainAfterTheFaultsStop() throws InterruptedException {
        Seeds.onAllThreads(() -> Simulation.onSimulatedThread(this::runSeeds));
        assertThat(failures).as(this::describe).isEmpty();
        System.out.printf(
                "Simulation: %,d seeds from %d on, %,d IDs, none twice, no promise broken%n",
                Seeds.COUNT, Seeds.FIRST, ids.get());
        assertThat(ids.get() / Seeds.COUNT).as("IDs of a run, on average").isPositive();
    }

    private void runSeeds(Fibers fibers) {
        for (long seed = next.getAndIncrement(); seed < Seeds.END; seed = next.getAndIncrement()) {
            Outcome outcome = Simulation.run(seed, fibers, Mistake.NONE, false);
            ids.addAndGet(outcome.ids());
            progress.tell((double) (seed - Seeds.FIRST) / Seeds.COUNT);
            if (outcome.violation().isPresent()) {
                failures.add(Simulation.run(seed, fibers, Mistake.NONE, true)); // again, for its trace
            }
            if (failures.size() >= ENOUGH_FAILURES) {
                return;
            }
        }
    }

    private String describe() {
        StringBuilder text = new StringBuilder();
        for (Outcome failure : failures) {
            text.append(
                    "%s%n%nSeed %d: %s%nReplay it with -Dsnowline.simulation.seed=%d -Dsnowline.simulation.seeds=1%n"
                            .formatted(
                                    failure.trace(),
                                    failure.seed(),
                                    failure.violation()
                                            .orElse("did not fail again, so it depends on more than its seed"),
                                    failure.seed()));
        }
        return text.toString();
    }
}
