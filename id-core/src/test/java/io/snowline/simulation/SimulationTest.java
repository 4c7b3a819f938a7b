package io.snowline.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final int SEEDS = Integer.getInteger("snowline.simulation.seeds", 1_000);
    private static final long FIRST_SEED = Long.getLong("snowline.simulation.seed", 1);
    private static final Logger LEASES = Logger.getLogger("io.snowline.coordination");

    @BeforeAll
    static void keepTheLogOfThousandsOfProcessesOut() {
        LEASES.setLevel(Level.OFF);
    }

    @AfterAll
    static void letTheLogInAgain() {
        LEASES.setLevel(null);
    }

    @Test
    void noIdIsIssuedTwiceAndEverybodyIssuesAgainAfterTheFaultsStop() {
        long ids = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            ids += run(seed);
        }
        System.out.printf("simulation: %d seeds from %d, %d IDs, none twice%n", SEEDS, FIRST_SEED, ids);
        assertThat(ids).isGreaterThan(SEEDS * 1_000L);
    }

    private static long run(long seed) {
        World world = new World(seed);
        try {
            return world.run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " fails; replay it alone with -Dsnowline.simulation.seed=" + seed
                            + " -Dsnowline.simulation.seeds=1\n" + world.trace() + "\n" + e,
                    e);
        }
    }
}
