package io.snowline.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.Backend;
import io.snowline.server.testing.FaultTable;
import io.snowline.server.testing.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three servers, two node ids: a server that is stopped with SIGSTOP loses its node id to the one that waits, and wakes
 * up in the middle of what it was doing.
 */
@Tag("faults")
@ExtendWith(FaultTable.class)
@Timeout(600)
class PausedServersIT {

    private static final int SERVERS = 3;

    /** Ahead 2 s, grace 1 s, and time to notice, on a busy machine. */
    private static final Duration TAKEOVER = Duration.ofSeconds(20);

    private static final Pattern NODE = Pattern.compile("acquired node id ([0-9]+)");

    @TempDir
    Path directory;

    @Tag("T10")
    @ParameterizedTest
    @ValueSource(strings = {"redis"})
    void whoWakesUpAfterATakeoverRepeatsNoId(String type) throws Exception {
        takeTurns(type, 2);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"local", "redis", "zookeeper", "etcd"})
    void whoWakesUpAfterATakeoverRepeatsNoIdOverAndOver(String type) throws Exception {
        takeTurns(type, 6);
    }

    private void takeTurns(String type, int turns) throws Exception {
        try (Backend backend = Backend.start(type, directory)) {
            String yaml =
                    """
                    %s
                    reservation: {ahead: 2s, renewEvery: 500ms, takeoverGrace: 1s, guard: 500ms}
                    generators: {default: {%s}}
                    """
                            .formatted(backend.yaml(), FaultRun.layout(1));
            String fault = FaultRun.times("SIGSTOP beyond `ahead` and grace, node ids scarce", turns);
            try (FaultRun run = FaultRun.of(fault, backend.toString(), directory)
                    .nodeBits(1)
                    .waitingForTheFirst(2)
                    .connections(2)
                    .start(yaml, yaml, yaml)) {
                int waiting = SERVERS - 1;
                run.await("a server without a node id", TAKEOVER, () -> run.refusals(SERVERS - 1) > 0);
                for (int turn = 0; turn < turns; turn++) {
                    int victim = (waiting + 1) % SERVERS;
                    takeOver(run, victim, waiting);
                    waiting = victim;
                }
                run.finish("no free node", "starting", "window ahead", "coordinator unavailable");
            }
        }
    }

    private static void takeOver(FaultRun run, int victim, int waiting) {
        int heardOfVictim = run.server(victim).log().length();
        int heardOfWaiting = run.server(waiting).log().length();
        String node = lastNode(run.server(victim));
        run.server(victim).pause();
        run.awaitLog(waiting, heardOfWaiting, "acquired node id " + node, TAKEOVER);
        run.pass(Duration.ofSeconds(1));
        long refused = run.refusals(victim);
        run.server(victim).resume();
        run.awaitLog(victim, heardOfVictim, "lost node id " + node, TAKEOVER);
        run.await("the one that has lost its node id to be refused", TAKEOVER, () -> run.refusals(victim) > refused);
    }

    private static String lastNode(ServerProcess server) {
        Matcher acquired = NODE.matcher(server.log());
        String node = "";
        while (acquired.find()) {
            node = acquired.group(1);
        }
        assertThat(node).as("the node id of " + server.base()).isNotEmpty();
        return node;
    }
}
