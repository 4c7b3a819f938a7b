package io.snowline.server.endtoend;

import io.snowline.server.testing.Backend;
import io.snowline.server.testing.Extent;
import io.snowline.server.testing.FaultTable;
import io.snowline.server.testing.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers on a namespace that never existed: from the first second on they serve as well as later. */
@Tag("faults")
@ExtendWith(FaultTable.class)
@Execution(ExecutionMode.CONCURRENT)
@Timeout(180)
class FirstSecondIT {

    private static final Duration CLOSE_TO_NOW = Duration.ofMillis(50);
    private static final int AHEAD_SECONDS = Extent.of(30, 15);
    private static final int CALM_SECONDS = Extent.of(5, 1);
    private static final int AWAY_SECONDS = Extent.of(15, 5);
    private static final int KILLS = Extent.of(10, 3);
    private static final Duration NOTICED = Duration.ofSeconds(5);

    private static final String KILLED = "kill -9 and instant restart, " + KILLS + " times";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"local", "redis", "zookeeper", "etcd"})
    void theFirstSecondOfANewNamespaceCountsAsAnyOther(String type) throws Exception {
        try (Backend backend = Backend.start(type, directory)) {
            if (type.equals("redis")) { // which cannot tell a new namespace from a lost one
                ServerProcess.create(directory, yaml(backend));
            }
            try (FreshServers servers = FreshServers.start(directory, yaml(backend))) {
                servers.assertThatFirstIdsCarryThePresent(CLOSE_TO_NOW);
                servers.pass(Duration.ofSeconds(CALM_SECONDS));
                backend.takeAway();
                servers.pass(Duration.ofSeconds(AWAY_SECONDS));
                servers.awaitThatEachSays("did not answer", NOTICED);
                servers.assertThatTheyWereDrainedAtFullSpeed();
                backend.giveBack();
                servers.pass(Duration.ofSeconds(1));
                servers.assertThatNothingWasRefused();
                servers.killAndRestart(KILLS);
                servers.assertThatNothingWasRefused();
                servers.finish(
                        "new namespace, backend away from second %d to %d, then %s"
                                .formatted(CALM_SECONDS, CALM_SECONDS + AWAY_SECONDS, KILLED),
                        backend.toString());
            }
        }
    }

    /** The namespace counts as lost: its first IDs are early and its windows short, but callers notice neither. */
    @Test
    void onARedisThatWasToldNothingNoRequestIsRefusedEither() throws Exception {
        try (Backend backend = Backend.start("redis", directory);
                FreshServers servers = FreshServers.start(directory, yaml(backend))) {
            servers.pass(Duration.ofSeconds(CALM_SECONDS + AWAY_SECONDS));
            servers.assertThatNothingWasRefused();
            servers.killAndRestart(KILLS);
            servers.assertThatNothingWasRefused();
            servers.finish("new namespace without `create`, then " + KILLED, backend.toString());
        }
    }

    private static String yaml(Backend backend) {
        return "%s%nreservation: {ahead: %ds, renewEvery: %ds}%n%s%n"
                .formatted(backend.yaml(), AHEAD_SECONDS, AHEAD_SECONDS / 10, FreshServers.generators());
    }
}
