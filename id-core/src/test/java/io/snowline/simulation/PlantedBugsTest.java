package io.snowline.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.simulated.WithoutLog;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the simulation: if it noticed nothing, it would prove nothing. */
@ExtendWith(WithoutLog.class)
class PlantedBugsTest {

    private static final int SHOWN = 110;

    /** The seed and what was seen, or the exception that prevented the run. */
    private static final Map<String, String[]> CAUGHT = new ConcurrentHashMap<>();

    private static final Map<String, RuntimeException> BROKEN = new ConcurrentHashMap<>();

    @BeforeAll
    static void runAll() throws InterruptedException {
        Queue<PlantedBug> waiting = new ConcurrentLinkedQueue<>(PlantedBug.ALL);
        Seeds.onAllThreads(() -> {
            for (PlantedBug bug = waiting.poll(); bug != null; bug = waiting.poll()) {
                run(bug);
            }
        });
    }

    private static void run(PlantedBug bug) {
        try {
            String[] found = bug.firstFailure(Seeds.FIRST, Seeds.SEARCHED);
            if (found != null) {
                CAUGHT.put(bug.name(), found);
            }
        } catch (RuntimeException e) {
            BROKEN.put(bug.name(), e);
        }
    }

    @AfterAll
    static void printTable() {
        StringBuilder table = new StringBuilder(
                "%n%-72s | %-8s | %6s | %s%n".formatted("planted bug", "rule", "seed", "what was seen"));
        for (PlantedBug bug : PlantedBug.ALL) {
            String[] found = CAUGHT.getOrDefault(bug.name(), new String[] {"-", "NOTHING"});
            table.append("%-72s | %-8s | %6s | %s%n".formatted(bug.name(), bug.rule(), found[0], shortened(found[1])));
        }
        System.out.println(table);
    }

    private static String shortened(String seen) {
        return seen.length() <= SHOWN ? seen : seen.substring(0, SHOWN) + "…";
    }

    static Iterable<PlantedBug> all() {
        return PlantedBug.ALL;
    }

    @ParameterizedTest
    @MethodSource("all")
    void aPlantedBugIsCaught(PlantedBug bug) {
        Optional.ofNullable(BROKEN.get(bug.name())).ifPresent(e -> {
            throw e;
        });
        assertThat(CAUGHT.get(bug.name()))
                .as("what %d seeds from %d on show of: %s", Seeds.SEARCHED, Seeds.FIRST, bug.name())
                .isNotNull();
    }
}
