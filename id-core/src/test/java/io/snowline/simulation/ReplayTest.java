package io.snowline.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.simulated.Fibers;
import io.snowline.simulated.WithoutLog;
import io.snowline.simulation.Simulation.Outcome;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithoutLog.class)
class ReplayTest {

    private static final int SEEDS = 15;

    @Test
    void aSeedGivesTheSameRunEachTimeAndWhetherItIsTracedOrNot() {
        List<Long> differing = new ArrayList<>();
        Simulation.onSimulatedThread(fibers -> {
            for (long seed = 1; seed <= SEEDS; seed++) {
                long first = Simulation.run(seed, fibers, Mistake.NONE, false).fingerprint();
                if (first != Simulation.run(seed, fibers, Mistake.NONE, true).fingerprint()) {
                    differing.add(seed);
                }
            }
        });
        assertThat(differing).as("seeds that did not replay").isEmpty();
    }

    @Test
    void aSeedGivesTheSameRunInAnotherJvm() throws IOException {
        String one = fingerprints(List.of());
        String other =
                fingerprints(List.of("-XX:TieredStopAtLevel=1", "-Duser.timezone=Asia/Kolkata", "-Duser.language=tr"));
        assertThat(one.lines()).hasSize(SEEDS);
        assertThat(other).isEqualTo(one);
    }

    @Test
    void aFailureComesAgainWithItsSeedAndTellsWhatLedToIt() {
        List<Outcome> failures = new ArrayList<>();
        Simulation.onSimulatedThread(fibers -> {
            for (long seed = 1; failures.isEmpty(); seed++) {
                if (fails(seed, fibers, false).violation().isPresent()) {
                    failures.add(fails(seed, fibers, false));
                    failures.add(fails(seed, fibers, true));
                }
            }
        });
        assertThat(failures.get(1).violation())
                .isEqualTo(failures.get(0).violation())
                .isPresent();
        assertThat(failures.get(1).trace()).contains("reserves node id").contains(" s  ");
    }

    private static Outcome fails(long seed, Fibers fibers, boolean traced) {
        return Simulation.run(seed, fibers, Mistake.NODE_RECORD_NOT_COMPARED, traced);
    }

    private static String classPath() {
        return ClassPath.ofSimulation().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static String fingerprints(List<String> options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), Simulation.class.getName()));
        command.addAll(List.of("1", Integer.toString(SEEDS)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
